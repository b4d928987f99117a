using Portal.ServiceDefaults.Sessions;

namespace Portal.Gateway.Grafana;

/// <summary>Tells the portal's session from the other cookies of a request: the API is shown the first, Grafana the others.</summary>
internal static class SessionCookies
{
    /// <summary>The session's cookies as a <c>Cookie</c> header; null where there are none.</summary>
    public static string? Of(HttpRequest request) => Joined(request, isSession: true);

    /// <summary>The other ones, likewise.</summary>
    public static string? Others(HttpRequest request) => Joined(request, isSession: false);

    private static string? Joined(HttpRequest request, bool isSession)
    {
        var cookies = string.Join("; ", request.Headers.Cookie
            .SelectMany(header => header?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [])
            .Where(cookie => IsSession(cookie) == isSession));
        return cookies.Length == 0 ? null : cookies;
    }

    // A large one is split: portal-session, portal-sessionC1, …
    private static bool IsSession(string cookie) => Array.Exists(SessionAuthentication.CookieNames, name => cookie.StartsWith(name, StringComparison.Ordinal));
}
