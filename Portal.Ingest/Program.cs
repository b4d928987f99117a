using Portal.Data;
using Portal.Ingest;
using Portal.Ingest.Acuvim;
using Portal.Ingest.FleetPush;
using Portal.Ingest.Native;
using Portal.Ingest.Pipeline;
using Portal.ServiceDefaults;

if (await Probe.AnswerAsync(args) is { } exitCode) return exitCode;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddIngestOptions();
builder.AddPortalData();
builder.AddPipeline();
builder.AddFleetPush();
builder.AddIngestKeys();
builder.AddReceivers();

var app = builder.Build();
app.CheckSettings();

app.UseProblems();
app.UseCallerAddress();
app.UseAuthentication();
app.UseAuthorization();

app.MapDefaultEndpoints();
app.MapOpenApi().AllowAnonymous();
app.MapNativeReceiver();
app.MapAcuvimReceiver();
app.MapFleetPush();
app.Run();
return 0;
