using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.Options;
using Portal.Api.Application;

namespace Portal.Api.Auth;

/// <summary>
/// The session's cookie: <c>__Host-portal-session</c> where people come by TLS, <c>portal-session</c> on a plain local stack.
/// Browsers take the first one only with <c>Secure</c>, without <c>Domain</c> and for the whole host, so that a neighbour below
/// the same domain (another customer) can't plant a session.
/// </summary>
internal sealed class SessionCookies(IOptions<ApplicationOptions> application) : ICookieManager
{
    public const string PlainName = "portal-session";
    public const string SecureName = "__Host-" + PlainName;

    private readonly ChunkingCookieManager cookies = new();

    /// <param name="context">The request.</param>
    /// <param name="key">Name from the options; which of the two is meant is decided by request.</param>
    public string? GetRequestCookie(HttpContext context, string key)
    {
        // Services of the stack ask by plain http with the cookie as the browser sent it to them by TLS.
        var secure = cookies.GetRequestCookie(context, SecureName);
        return secure is not null || IsSecure(context) ? secure : cookies.GetRequestCookie(context, PlainName);
    }

    public void AppendResponseCookie(HttpContext context, string key, string? value, CookieOptions options)
    {
        options.Secure = IsSecure(context);
        cookies.AppendResponseCookie(context, options.Secure ? SecureName : PlainName, value, options);
    }

    public void DeleteCookie(HttpContext context, string key, CookieOptions options)
    {
        options.Secure = IsSecure(context);
        cookies.DeleteCookie(context, options.Secure ? SecureName : PlainName, options);
    }

    private bool IsSecure(HttpContext context) => context.Request.IsHttps || application.Value.IsPublicHttps;
}
