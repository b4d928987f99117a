using Fleet.Aggregator.Audit;
using Fleet.Aggregator.Customers;
using Fleet.Aggregator.Dashboard;
using Fleet.Aggregator.Ledger;
using Fleet.Aggregator.Push;
using Fleet.Aggregator.Silences;
using Fleet.Aggregator.Storage;
using Fleet.Aggregator.Tokens;
using Portal.ServiceDefaults;
using Portal.ServiceDefaults.Requests;
using Portal.ServiceDefaults.Sessions;

if (await Probe.AnswerAsync(args) is { } exitCode) return exitCode;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();

builder.RequireAddressOf("api");
builder.AddFleetStorage();

var authorization = builder.Services.AddAuthorizationBuilder();
Operators.Add(authorization);
builder.Services.AddFleetTokens(builder.Services.AddPortalSessions(), authorization);
builder.Services.AddPush();
builder.Services.AddLedger();
builder.Services.AddWatch();
builder.Services.AddDashboard();
builder.Services.AddScoped<AuditTrail>();
builder.Services.AddValidation();
builder.Services.AddRequestBodies();
builder.Services.AddOpenApi();

var app = builder.Build();
app.CheckSettings();

app.UseProblems();
app.UseCallerAddress();
app.UseCrossSiteGuard();
app.UseAuthentication();
app.UseAuthorization();

app.MapDefaultEndpoints();
app.MapOpenApi().AllowAnonymous();
app.MapPush();
app.MapLedger();
app.MapCustomers();
app.MapDashboard();
app.MapAudit();

app.Run();
return 0;
