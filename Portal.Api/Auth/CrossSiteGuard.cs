using Microsoft.Extensions.Options;
using Portal.Api.Application;
using Portal.Contracts;
using Portal.ServiceDefaults;

namespace Portal.Api.Auth;

/// <summary>
/// Refuses writes that a page of another origin made a browser send. Customers are neighbours below one domain, so what counts as
/// the "same site" for a browser (and its SameSite cookies) is not enough. Programs send neither header and need nothing.
/// </summary>
internal sealed class CrossSiteGuard(RequestDelegate next, IOptions<ApplicationOptions> application, IProblemDetailsService problems)
{
    public Task InvokeAsync(HttpContext http) => IsSafe(http.Request.Method) || IsOwn(http.Request) ? next(http) : RefuseAsync(http);

    private static bool IsSafe(string method) =>
        HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);

    private bool IsOwn(HttpRequest request) =>
        request.Headers["Sec-Fetch-Site"].ToArray() is [] or ["none"] or ["same-origin"]
        && request.Headers.Origin.ToArray() switch
        {
            [] => true,
            [{ } origin] => IsOwnOrigin(request, origin),
            _ => false,
        };

    private bool IsOwnOrigin(HttpRequest request, string origin)
    {
        // "null" (a sandboxed frame, a file) is no absolute URI and therefore nobody's own.
        if (!Uri.TryCreate(origin, UriKind.Absolute, out var sender)) return false;
        if (application.Value.PublicUrl is { } own && SameOrigin(sender, own)) return true;
        return Uri.TryCreate($"{request.Scheme}://{request.Host.Value}", UriKind.Absolute, out var asked) && SameOrigin(sender, asked);
    }

    private static bool SameOrigin(Uri a, Uri b) =>
        Uri.Compare(a, b, UriComponents.SchemeAndServer | UriComponents.StrongPort, UriFormat.SafeUnescaped, StringComparison.OrdinalIgnoreCase) == 0;

    private async Task RefuseAsync(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status403Forbidden;
        await problems.TryWriteAsync(new ProblemDetailsContext
        {
            HttpContext = http,
            ProblemDetails =
            {
                Status = StatusCodes.Status403Forbidden,
                Type = Problems.Type(ProblemKinds.CrossSite),
                Title = "This request came from a page of another site.",
                Detail = "Send it from a page of this portal, or from a program without Origin and Sec-Fetch-Site.",
            },
        });
    }
}
