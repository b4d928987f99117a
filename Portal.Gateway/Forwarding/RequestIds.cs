using System.Diagnostics;

namespace Portal.Gateway.Forwarding;

/// <summary>
/// Gives every request an id that the services, their logs and the caller see: <c>X-Request-Id</c>. The caller's own where it
/// has one of the usual characters, else the trace's, by which logs and traces are found.
/// </summary>
internal static class RequestIds
{
    public const string Header = "X-Request-Id";
    private const int MaxLength = 64;

    public static Task Set(HttpContext http, RequestDelegate next)
    {
        // Services that tell somebody of their spans follow what the beginning of the trace says, which is the gateway, telling nobody perhaps.
        if (Activity.Current is { ParentId: null, IsAllDataRequested: true } trace) trace.ActivityTraceFlags |= ActivityTraceFlags.Recorded;
        var id = http.Request.Headers[Header] is [{ } sent] && IsUsable(sent) ? sent : Activity.Current?.TraceId.ToHexString() ?? http.TraceIdentifier;
        http.TraceIdentifier = id;
        http.Request.Headers[Header] = id;
        http.Response.OnStarting(static state =>
        {
            // A service may say another one of its own.
            var context = (HttpContext)state;
            context.Response.Headers[Header] = context.TraceIdentifier;
            return Task.CompletedTask;
        }, http);
        return next(http);
    }

    private static bool IsUsable(string id) =>
        id.Length is > 0 and <= MaxLength && id.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.');
}
