using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Transforms;

namespace Portal.Gateway.Forwarding;

/// <summary>
/// Sends the path as the caller wrote it. Kestrel decodes all of a path but <c>%2F</c>, and the proxy would encode that
/// again: <c>/api/devices/unclaimed/A%2FN/claim</c> would arrive as <c>A%252FN</c>. Meters' identities may hold a slash.
/// </summary>
internal static class RequestTarget
{
    public static ValueTask Keep(RequestTransformContext transform)
    {
        var target = transform.HttpContext.Features.Get<IHttpRequestFeature>()?.RawTarget;
        // Other forms (a whole address, *) are left to the proxy. Uri takes out "..", as Kestrel did before routing.
        if (target is ['/', ..])
            transform.ProxyRequest.RequestUri = new Uri(transform.DestinationPrefix.TrimEnd('/') + target);
        return ValueTask.CompletedTask;
    }
}
