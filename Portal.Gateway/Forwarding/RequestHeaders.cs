using Portal.Gateway.Grafana;
using Yarp.ReverseProxy.Transforms;
using Yarp.ReverseProxy.Transforms.Builder;

namespace Portal.Gateway.Forwarding;

/// <summary>What a service is told about the caller. It comes from the connection, never from what the caller says of itself.</summary>
internal static class RequestHeaders
{
    // Grafana signs people in by X-WEBAUTH-USER: from outside it would be a master key. The others name an address, a
    // host or a path that only the gateway knows.
    private static readonly string[] Prefixes = ["X-WEBAUTH-", "X-FORWARDED-", "X-ORIGINAL-"];
    private static readonly string[] Names = ["FORWARDED", "X-REAL-IP", "X-CLIENT-IP", "TRUE-CLIENT-IP", "X-REWRITE-URL"];

    public static void Add(TransformBuilderContext context)
    {
        context.AddOriginalHost();
        context.AddRequestTransform(RequestTarget.Keep);
        // First what the caller claims goes, then the gateway sets its own.
        context.AddRequestTransform(transform =>
        {
            foreach (var header in transform.HttpContext.Request.Headers)
                if (IsClaim(header.Key)) transform.ProxyRequest.Headers.Remove(header.Key);
            return ValueTask.CompletedTask;
        });
        context.AddXForwarded(ForwardedTransformActions.Set);
        GrafanaHeaders.Add(context);
    }

    /// <summary>A server that maps headers to variables reads <c>X_WEBAUTH_USER</c> like <c>X-WEBAUTH-USER</c>.</summary>
    internal static bool IsClaim(string header)
    {
        var name = header.Replace('_', '-');
        return Array.Exists(Prefixes, prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            || Array.Exists(Names, known => name.Equals(known, StringComparison.OrdinalIgnoreCase));
    }
}
