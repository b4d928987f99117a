using Fleet.Aggregator.Audit;
using Fleet.Aggregator.Customers;
using Fleet.Aggregator.Storage;
using Portal.ServiceDefaults;
using Portal.ServiceDefaults.Requests;
using Portal.ServiceDefaults.Sessions;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();

builder.AddFleetStorage();

builder.Services.AddPortalSessions();
Operators.Add(builder.Services.AddAuthorizationBuilder());
builder.Services.AddScoped<AuditTrail>();
builder.Services.AddValidation();
builder.Services.AddRequestBodies();
builder.Services.AddOpenApi();

var app = builder.Build();

app.UseProblems();
app.UseCallerAddress();
app.UseCrossSiteGuard();
app.UseAuthentication();
app.UseAuthorization();

app.MapDefaultEndpoints();
app.MapOpenApi().AllowAnonymous();
app.MapCustomers();
app.MapAudit();

app.Run();
