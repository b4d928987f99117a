using Portal.Gateway.Routing;
using Portal.Gateway.Stacks;
using Yarp.ReverseProxy.Model;

namespace Portal.Gateway.Forwarding;

/// <summary>
/// Headers that do no harm to any page, picture or API of a stack. A service that sets one itself knows better and keeps
/// it. What depends on the page (its content policy) is the page's own business.
/// </summary>
internal static class SecurityHeaders
{
    private const string Frames = "X-Frame-Options";

    private static readonly (string Name, string Value)[] Defaults =
    [
        ("X-Content-Type-Options", "nosniff"),
        (Frames, "SAMEORIGIN"),
        ("Referrer-Policy", "same-origin"),
        // Customers are siblings under one domain: what is another's origin is another's page.
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ];

    // Grafana is framed by the portal, and by whom else is told by the request; the edge leaves it to the stack's gateway.
    private static readonly string[] WithoutFrames = [RouteTable.Name(Service.Grafana), RouteTable.Name(Service.Gateway)];

    public static Task Add(HttpContext http, RequestDelegate next)
    {
        http.Response.OnStarting(static state =>
        {
            var context = (HttpContext)state;
            var headers = context.Response.Headers;
            headers.Remove("Server");
            headers.Remove("X-Powered-By");
            var service = context.GetEndpoint()?.Metadata.GetMetadata<RouteModel>()?.Config.Metadata?.GetValueOrDefault(RouteTable.ServiceKey);
            foreach (var (name, value) in Defaults)
                if (name != Frames || !WithoutFrames.Contains(service)) headers.TryAdd(name, value);
            return Task.CompletedTask;
        }, http);
        return next(http);
    }
}
