using Portal.Web.Shell;

namespace Portal.Web.Theme;

internal static class ThemeEndpoint
{
    /// <summary><c>GET /theme.css?v=…</c> and <c>/icon.svg?v=…</c>. The sign-in page wears the customer's colours too.</summary>
    public static void MapTheme(this IEndpointRouteBuilder app)
    {
        app.MapGet("/theme.css", GetStylesheetAsync).AllowAnonymous();
        app.MapGet("/icon.svg", GetIconAsync).AllowAnonymous();
    }

    private static async Task<IResult> GetStylesheetAsync(HttpContext context, string? v, Branding branding, CancellationToken cancellationToken)
    {
        var theme = await ThemeAsync(context, v, branding, cancellationToken);
        return TypedResults.Text(theme.Css, "text/css; charset=utf-8");
    }

    private static async Task<IResult> GetIconAsync(HttpContext context, string? v, Branding branding, CancellationToken cancellationToken)
    {
        var theme = await ThemeAsync(context, v, branding, cancellationToken);
        return TypedResults.Text(theme.Icon, "image/svg+xml; charset=utf-8");
    }

    // Pages name the version they were made with; another one was asked for before the colour changed.
    private static async Task<ThemeStylesheet> ThemeAsync(HttpContext context, string? v, Branding branding, CancellationToken cancellationToken)
    {
        var theme = ThemeStylesheet.For((await branding.ReadAsync(cancellationToken)).Colour);
        context.Response.Headers.CacheControl = v == theme.Version ? "public, max-age=31536000, immutable" : "no-cache";
        return theme;
    }
}
