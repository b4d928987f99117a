
namespace Portal.Web.Api;

/// <summary>
/// Calls the API as the person who looks at the page: their cookie, and their address and scheme for the API's sign-in limits
/// and cookie names. The web has no rights of its own.
/// </summary>
internal sealed class Callers(IHttpContextAccessor accessor) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (accessor.HttpContext is { } caller)
        {
            request.Headers.TryAddWithoutValidation("Cookie", caller.Request.Headers.Cookie.ToString());
            request.Headers.TryAddWithoutValidation("X-Forwarded-For", caller.Connection.RemoteIpAddress?.ToString());
            request.Headers.TryAddWithoutValidation("X-Forwarded-Proto", caller.Request.Scheme);
            request.Headers.Host = caller.Request.Host.Value;
        }

        return base.SendAsync(request, cancellationToken);
    }
}
