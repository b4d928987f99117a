using System.Buffers;
using Microsoft.AspNetCore.Http.Features;
using Portal.ServiceDefaults;
using Yarp.ReverseProxy.Transforms;

namespace Portal.Gateway.Forwarding;

/// <summary>
/// Sends the path as the caller wrote it. Kestrel decodes all of a path but <c>%2F</c>, and the proxy would encode that
/// again: <c>/api/devices/unclaimed/A%2FN/claim</c> would arrive as <c>A%252FN</c>. Meters' identities may hold a slash.
/// </summary>
internal static class RequestTarget
{
    // None of them is part of anything that is refused but the dot, which is only at a segment's beginning.
    private static readonly SearchValues<char> Plain = SearchValues.Create("/?&=-_.~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    // The path was looked at already (Refuse): it goes out letter by letter.
    private static readonly UriCreationOptions AsItIs = new() { DangerousDisablePathAndQueryCanonicalization = true };

    public static ValueTask Keep(RequestTransformContext transform)
    {
        var target = Raw(transform.HttpContext);
        // Other forms (a whole address, *) are left to the proxy.
        if (target is ['/', ..])
            transform.ProxyRequest.RequestUri = new Uri(transform.DestinationPrefix.TrimEnd('/') + target, AsItIs);
        return ValueTask.CompletedTask;
    }

    /// <summary>
    /// Refuses paths that two programs may read differently: the service is to get the path by which the route was chosen. Browsers and
    /// clients resolve <c>..</c> before they ask, and nothing of a portal has a backslash in its path.
    /// </summary>
    public static Task Refuse(HttpContext http, RequestDelegate next) => IsAmbiguous(Raw(http))
        ? Refusals.AnswerAsync(http, StatusCodes.Status400BadRequest, "The address has a backslash, a control character, a segment of dots, a fragment, or a broken % code.")
        : next(http);

    /// <summary>
    /// The path has <c>.</c> or <c>..</c> as a segment, a backslash, a control character (in plain or encoded once) or a <c>%</c> without its two
    /// digits; or the target as a whole a control character or a fragment.
    /// </summary>
    internal static bool IsAmbiguous(string target)
    {
        // Nearly every address: what follows costs more than all else that the gateway looks at.
        if (!target.AsSpan().ContainsAnyExcept(Plain) && !target.Contains("/.", StringComparison.Ordinal)) return false;
        if (target.Any(letter => letter == '#' || char.IsControl(letter))) return true;
        var raw = target.Split('?', 2)[0];
        var path = Uri.UnescapeDataString(raw);
        return path.Any(letter => letter == '\\' || char.IsControl(letter))
            || path.Split('/').Any(segment => segment is "." or "..")
            || raw.Split('%').Skip(1).Any(code => code.Length < 2 || !char.IsAsciiHexDigit(code[0]) || !char.IsAsciiHexDigit(code[1]));
    }

    /// <summary>Path and query as they were sent; of another form, such as <c>*</c>, in rare cases.</summary>
    public static string Raw(HttpContext http) => http.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";
}
