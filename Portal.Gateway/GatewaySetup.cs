using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Portal.Gateway.Forwarding;
using Portal.Gateway.Grafana;
using Portal.Gateway.Limits;
using Portal.Gateway.Routing;
using Portal.Gateway.Stacks;
using Portal.Gateway.Status;
using Portal.Gateway.Tls;
using Portal.ServiceDefaults;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Health;

namespace Portal.Gateway;

/// <summary>What the gateway registers, apart from what every service has.</summary>
internal static class GatewaySetup
{
    // The services are on the same machine or in the same network: who doesn't accept by then is not there.
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    public static void AddGateway(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<GatewayOptions>().BindConfiguration(GatewayOptions.SectionName).ValidateOnStart();
        services.AddSingleton<IValidateOptions<GatewayOptions>, GatewayOptionsValidator>();
        services.Configure<KestrelServerOptions>(LimitConnections);
        services.AddForwarderTrust();
        services.AddTls();

        services.AddSingleton<RouteTable>();
        services.AddSingleton<ProxyRoutes>();
        services.AddSingleton<IProxyConfigProvider>(provider => provider.GetRequiredService<ProxyRoutes>());
        services.AddSingleton<IConfigChangeListener>(provider => provider.GetRequiredService<ProxyRoutes>());
        services.AddSingleton<StackFolder>();
        services.AddHostedService<StackWatch>();
        services.AddHostedService<StatusPortCheck>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<MatcherPolicy, StatusPortPolicy>());
        services.AddSingleton<GatewayInstruments>();
        services.AddSingleton<RateBuckets>();
        services.AddSingleton<RateLimits>();
        services.AddSingleton<GrafanaSessions>();
        services.AddSingleton<GrafanaSignIn>();
        services.AddHealthChecks().AddCheck<ProxyRoutes>("routes", tags: [Health.Ready]);

        services.AddReverseProxy()
            .AddTransforms(RequestHeaders.Add)
            .ConfigureHttpClient((_, handler) => handler.ConnectTimeout = ConnectTimeout);
        // The proxy brings data protection for affinity cookies that are encrypted. Ours hold a hash, so no key ring is
        // written to disk.
        services.AddDataProtection().UseEphemeralDataProtectionProvider();
        // Two failures within the window are enough to prefer another replica.
        services.Configure<TransportFailureRateHealthPolicyOptions>(health =>
        {
            health.MinimalTotalCountThreshold = 2;
            health.DetectionWindowSize = TimeSpan.FromSeconds(10);
        });
    }

    // Where ASPNETCORE_URLS has an https address.
    private static void AddTls(this IServiceCollection services)
    {
        services.AddOptions<TlsOptions>().BindConfiguration(TlsOptions.SectionName).ValidateOnStart();
        services.AddSingleton<IValidateOptions<TlsOptions>, TlsOptionsValidator>();
        services.AddSingleton<TlsAddresses>();
        services.AddSingleton<Certificates>();
        services.AddSingleton<CertificateFolder>();
        services.AddHostedService<CertificateWatch>();
        services.AddSingleton<HttpsOnly>();
        services.AddOptions<KestrelServerOptions>().Configure<TlsAddresses, Certificates>(TlsHandshake.Configure);
    }

    private static void LimitConnections(KestrelServerOptions kestrel)
    {
        var limits = kestrel.Limits;
        limits.MaxConcurrentConnections = 10_000;
        // A page with a live circuit holds one.
        limits.MaxConcurrentUpgradedConnections = 5_000;
        limits.MaxRequestLineSize = 8 * 1024;
        limits.MaxRequestHeadersTotalSize = 32 * 1024;
        limits.MaxRequestHeaderCount = 100;
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
        limits.KeepAliveTimeout = TimeSpan.FromSeconds(130);
        // Slower than the slowest GPRS module that works at all; faster than who only wants to hold a connection.
        limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(10));
        limits.MinResponseDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(10));
        // The routes set their own; nothing else here reads a body.
        limits.MaxRequestBodySize = 64 * 1024;
    }
}
