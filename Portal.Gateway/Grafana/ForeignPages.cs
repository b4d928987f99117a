namespace Portal.Gateway.Grafana;

/// <summary>
/// Tells requests that a page of another origin made a browser send. Customers are neighbours below one domain, so the session's cookie
/// comes along from a neighbour's page too, and Grafana sends no frame rules of its own where the portal embeds it: a neighbour
/// could show it in a frame, or write to it.
/// </summary>
internal static class ForeignPages
{
    /// <summary>Kind of the problem that a refusal answers with, as of the other services.</summary>
    public const string ProblemKind = "cross-site";

    /// <summary>Following a link from elsewhere is fine. Programs, and browsers on plain http, send none of these headers.</summary>
    public static bool Sent(HttpRequest request)
    {
        if (!IsReading(request) && request.Headers.Origin.ToArray() is not [] and var origin && !IsOwn(request, origin)) return true;
        return request.Headers["Sec-Fetch-Site"].ToArray() is not ([] or ["none"] or ["same-origin"]) && !IsLink(request);
    }

    // A web socket begins as a GET, and other origins may open one.
    private static bool IsReading(HttpRequest request) =>
        (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method)) && request.Headers.Upgrade.Count == 0;

    private static bool IsLink(HttpRequest request) =>
        HttpMethods.IsGet(request.Method)
        && request.Headers["Sec-Fetch-Mode"].ToArray() is ["navigate"]
        && request.Headers["Sec-Fetch-Dest"].ToArray() is ["document"];

    private static bool IsOwn(HttpRequest request, string?[] origin) =>
        origin is [{ } one] && one.Equals($"{request.Scheme}://{request.Host.Value}", StringComparison.OrdinalIgnoreCase);
}
