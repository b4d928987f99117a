using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Portal.ServiceDefaults;

/// <summary>What every service of a stack has in common. First line of each <c>Program.cs</c>.</summary>
public static class Hosting
{
    /// <summary>
    /// Adds logs, traces and metrics, health checks, service discovery, resilient HTTP clients, problem details
    /// and the system's <see cref="TimeProvider"/>.
    /// </summary>
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder) where TBuilder : IHostApplicationBuilder
    {
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.AddLogs();
        builder.AddTelemetry();
        builder.Services.AddHealth();
        builder.Services.AddOutgoingHttp();
        builder.Services.AddProblems();
        builder.Services.AddCallerAddress();
        builder.Services.Configure<KestrelServerOptions>(kestrel => kestrel.AddServerHeader = false);
        // Containers are killed ten seconds after they were asked to end. An open web socket never ends by itself: what
        // is still running by then is cut off, and the rest of the shutdown has time left.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(6));
        return builder;
    }
}
