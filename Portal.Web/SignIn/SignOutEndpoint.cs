using Microsoft.AspNetCore.Antiforgery;
using Portal.Web.Account;
using Portal.Web.Api;

namespace Portal.Web.SignIn;

internal static class SignOutEndpoint
{
    /// <summary><c>POST /sign-out</c>: ends the session in the API, then shows the sign-in page.</summary>
    public static void MapSignOut(this IEndpointRouteBuilder app) => app.MapPost("/sign-out", SignOutAsync).RequireAuthorization(OwnPages.Policy);

    private static async Task<IResult> SignOutAsync(HttpContext context, IAntiforgery antiforgery, PortalApi api, CancellationToken cancellationToken)
    {
        if (!await antiforgery.IsRequestValidAsync(context))
        {
            return TypedResults.LocalRedirect("/");
        }

        using var answer = await api.SignOutAsync(cancellationToken);
        CookieRelay.Pass(answer, context.Response);
        return TypedResults.LocalRedirect("/sign-in");
    }
}
