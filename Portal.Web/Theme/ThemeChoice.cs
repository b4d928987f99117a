namespace Portal.Web.Theme;

/// <summary>What a person chose by the switch: light, dark, or as the system. The browser keeps it in a cookie, so the first paint is right.</summary>
public static class ThemeChoice
{
    /// <summary>The cookie that <c>js/theme.js</c> writes.</summary>
    public const string Cookie = "portal-theme";

    /// <summary>Value of <c>data-theme</c> on the root; null: as the system.</summary>
    public static string? Of(HttpRequest request) => request.Cookies[Cookie] is "light" or "dark" ? request.Cookies[Cookie] : null;
}
