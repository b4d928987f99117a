namespace Portal.Gateway.Forwarding;

/// <summary>
/// Headers that do no harm to any page, picture or API of a stack. A service that sets one itself knows better and keeps
/// it. What depends on the page (its content policy) is the page's own business.
/// </summary>
internal static class SecurityHeaders
{
    private static readonly (string Name, string Value)[] Defaults =
    [
        ("X-Content-Type-Options", "nosniff"),
        // Grafana's panels are framed by the portal under the same host.
        ("X-Frame-Options", "SAMEORIGIN"),
        ("Referrer-Policy", "same-origin"),
        // Customers are siblings under one domain: what is another's origin is another's page.
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ];

    public static Task Add(HttpContext http, RequestDelegate next)
    {
        http.Response.OnStarting(static state =>
        {
            var headers = ((HttpResponse)state).Headers;
            headers.Remove("Server");
            headers.Remove("X-Powered-By");
            foreach (var (name, value) in Defaults) headers.TryAdd(name, value);
            return Task.CompletedTask;
        }, http.Response);
        return next(http);
    }
}
