using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace Portal.ServiceDefaults.Sessions;

/// <summary>
/// Refuses writes, and web sockets, that a page of another origin made a browser send. Customers are neighbours below one domain, so what counts as
/// the "same site" for a browser (and its SameSite cookies) is not enough. Programs send neither header and need nothing.
/// </summary>
public sealed class CrossSiteGuard(RequestDelegate next, IConfiguration configuration, IProblemDetailsService problems)
{
    /// <summary>Kind of the problem that a refusal answers with.</summary>
    public const string ProblemKind = "cross-site";

    private readonly Uri? publicUrl = Uri.TryCreate(configuration["Application:PublicUrl"], UriKind.Absolute, out var url) ? url : null;

    public Task InvokeAsync(HttpContext http) => IsSafe(http.Request) || IsOwn(http.Request) ? next(http) : RefuseAsync(http);

    // A web socket begins as a GET, and other origins may open one: what comes through it is no reading.
    private static bool IsSafe(HttpRequest request) =>
        (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method))
        && request.Headers.Upgrade.Count == 0;

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
        if (publicUrl is not null && SameOrigin(sender, publicUrl)) return true;
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
                Type = Problems.Type(ProblemKind),
                Title = "This request came from a page of another site.",
                Detail = "Send it from a page of this portal, or from a program without Origin and Sec-Fetch-Site.",
            },
        });
    }
}

public static class CrossSiteGuarding
{
    /// <summary>Refuses cross-site writes with 403. Before everything that acts on a cookie.</summary>
    public static IApplicationBuilder UseCrossSiteGuard(this IApplicationBuilder app) => app.UseMiddleware<CrossSiteGuard>();
}
