using Portal.Gateway;
using Portal.Gateway.Forwarding;
using Portal.Gateway.Status;
using Portal.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddGateway();

var app = builder.Build();
app.UseExceptionHandler();
app.Use(SecurityHeaders.Add);
app.Use(Refusals.NoSuchService);

app.MapStatusPort();
app.MapReverseProxy(proxy =>
{
    proxy.Use(Refusals.TooLarge);
    proxy.Use(Refusals.NoAnswer);
    proxy.UseSessionAffinity();
    proxy.UseLoadBalancing();
    proxy.UsePassiveHealthChecks();
});
app.MapFallback("{**path}", Refusals.NoSuchHost);

app.Run();
