using Portal.Web.Shell;

namespace Portal.Web.Theme;

internal static class ThemeEndpoint
{
    /// <summary><c>GET /theme.css?v=…</c>. The sign-in page wears the customer's colours too.</summary>
    public static void MapTheme(this IEndpointRouteBuilder app) => app.MapGet("/theme.css", GetAsync).AllowAnonymous();

    private static async Task<IResult> GetAsync(HttpContext context, string? v, Branding branding, CancellationToken cancellationToken)
    {
        var theme = ThemeStylesheet.For((await branding.ReadAsync(cancellationToken)).Colour);
        // Pages name the version they were made with; another one was asked for before the colour changed.
        context.Response.Headers.CacheControl = v == theme.Version ? "public, max-age=31536000, immutable" : "no-cache";
        return TypedResults.Text(theme.Css, "text/css; charset=utf-8");
    }
}
