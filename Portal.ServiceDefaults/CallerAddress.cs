using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.DependencyInjection;

namespace Portal.ServiceDefaults;

/// <summary>
/// The caller's address and scheme as the gateway saw them. Only for services behind the gateway, which sets
/// <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c> itself and lets none from outside through.
/// </summary>
public static class CallerAddress
{
    // The gateway is on the same machine or in the same private network; a service is reachable from nowhere else.
    private static readonly string[] PrivateNetworks =
        ["127.0.0.0/8", "::1/128", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"];

    /// <summary>Lets <c>Connection.RemoteIpAddress</c> and <c>Request.Scheme</c> be the caller's. Belongs before everything that asks for them.</summary>
    public static IApplicationBuilder UseCallerAddress(this IApplicationBuilder app) => app.UseForwardedHeaders();

    internal static void AddCallerAddress(this IServiceCollection services) => services.Configure<ForwardedHeadersOptions>(options =>
    {
        options.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
        options.ForwardLimit = 1;
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var network in PrivateNetworks) options.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(network));
    });
}
