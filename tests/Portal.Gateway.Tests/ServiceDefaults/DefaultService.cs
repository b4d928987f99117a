using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Portal.ServiceDefaults;

namespace Portal.Gateway.Tests.ServiceDefaults;

/// <summary>A service as every room begins it, with what a test adds, on a real socket.</summary>
internal sealed class DefaultService : IAsyncDisposable
{
    private DefaultService(WebApplication app)
    {
        App = app;
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        Client = new HttpClient { BaseAddress = new Uri(address) };
    }

    public WebApplication App { get; }

    public HttpClient Client { get; }

    public FakeLogCollector Log => App.Services.GetFakeLogCollector();

    public static async Task<DefaultService> StartAsync(
        Action<WebApplication>? map = null, Action<IServiceCollection>? services = null, params string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddServiceDefaults();
        builder.WebHost.UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Logging.AddFakeLogging();
        services?.Invoke(builder.Services);
        var app = builder.Build();
        app.UseCallerAddress();
        app.UseProblems();
        app.MapDefaultEndpoints();
        map?.Invoke(app);
        await app.StartAsync();
        return new DefaultService(app);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await App.DisposeAsync();
    }
}
