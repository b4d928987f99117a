namespace Portal.Web;

/// <summary>
/// What a page may load: only what this origin serves, no inline script and no inline style sheet, no eval. Style attributes alone
/// are allowed: the component library places its popovers and sizes its columns by them, and they can't run anything. Another page
/// of the same origin may frame a page, no other.
/// </summary>
internal static class ContentSecurity
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; "
        + "connect-src 'self'; frame-src 'self'; manifest-src 'self'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'";

    public static IApplicationBuilder UseContentSecurity(this IApplicationBuilder app) =>
        app.Use((context, next) =>
        {
            context.Response.Headers.ContentSecurityPolicy = Policy;
            return next(context);
        });
}
