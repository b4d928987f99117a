using Portal.Api.Application;
using Portal.Api.Audit;
using Portal.Api.Auth;
using Portal.Api.Auth.Oidc;
using Portal.Api.Branding;
using Portal.Api.Devices;
using Portal.Api.Startup;
using Portal.Api.Users;
using Portal.ServiceDefaults;
using Portal.ServiceDefaults.Requests;
using Portal.ServiceDefaults.Sessions;
using Scalar.AspNetCore;

if (await Probe.AnswerAsync(args) is { } exitCode) return exitCode;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();

var mode = builder.AddApplication();

builder.AddDatabase();
builder.AddPortalAuth();
builder.Services.AddValidation();
builder.Services.AddRequestBodies();
builder.Services.AddScoped<AuditTrail>();
builder.Services.AddBranding();
if (mode == RunMode.Client) builder.Services.AddMetering();
builder.Services.AddOpenApi();

var app = builder.Build();
app.CheckSettings();

app.UseCallerAddress();
app.UseProblems();
app.UseMiddleware<SchemaGateMiddleware>();
app.UseCrossSiteGuard();
app.UseAuthentication();
app.UseAuthorization();

app.MapDefaultEndpoints();
app.MapOpenApi().AllowAnonymous();
if (app.Environment.IsDevelopment()) app.MapScalarApiReference().AllowAnonymous();
app.MapAuth();
app.MapOidc();
app.MapTwoFactor();
app.MapAccountLink();
app.MapUsers();
app.MapAudit();
app.MapBranding();
if (mode == RunMode.Client) app.MapMetering();

app.Run();
return 0;
