using Portal.Gateway;
using Portal.Gateway.Forwarding;
using Portal.Gateway.Grafana;
using Portal.Gateway.Limits;
using Portal.Gateway.Status;
using Portal.Gateway.Tls;
using Portal.ServiceDefaults;

if (await Probe.AnswerAsync(args) is { } exitCode) return exitCode;

InlineSockets.SwitchOn();
var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddGateway();

var app = builder.Build();
app.CheckSettings();
app.UseForwardedHeaders();
app.UseExceptionHandler();
app.Use(RequestIds.Set);
app.Use(SecurityHeaders.Add);
app.Use(RequestTarget.Refuse);
app.Use(app.Services.GetRequiredService<HttpsOnly>().InvokeAsync);
app.Use(Refusals.NoSuchService);

app.MapStatusPort();
app.MapAcmeChallenges();
app.MapReverseProxy(proxy =>
{
    proxy.Use(app.Services.GetRequiredService<RateLimits>().InvokeAsync);
    proxy.Use(Refusals.TooLarge);
    proxy.Use(app.Services.GetRequiredService<GrafanaSignIn>().InvokeAsync);
    proxy.Use(Refusals.NoAnswer);
    proxy.UseSessionAffinity();
    proxy.UseLoadBalancing();
    proxy.UsePassiveHealthChecks();
});
app.MapFallback("{**path}", Refusals.NotFound);

app.Run();
return Environment.ExitCode;
