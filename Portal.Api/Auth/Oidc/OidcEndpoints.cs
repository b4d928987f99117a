using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Portal.Api.Application;
using Portal.Contracts.Auth;
using Portal.ServiceDefaults.Sessions;

namespace Portal.Api.Auth.Oidc;

internal static class OidcEndpoints
{
    public static void MapOidc(this IEndpointRouteBuilder app)
    {
        var auth = app.MapGroup("/api/auth").WithTags("Auth").AllowAnonymous();
        auth.MapGet("/ways", Ways);
        // For browsers: it sends them to the provider.
        auth.MapGet("/oidc", BeginAsync);
    }

    private static Ok<SignInWays> Ways(IOptions<OidcOptions> provider) =>
        TypedResults.Ok(new SignInWays(provider.Value.DisplayName, provider.Value.Only));

    private static async Task<Results<EmptyHttpResult, NotFound>> BeginAsync(
        string? returnUrl, HttpContext http, IOptions<OidcOptions> provider, IOptions<ApplicationOptions> application, ILoggerFactory loggers)
    {
        if (!provider.Value.IsOn) return TypedResults.NotFound();
        OidcRegistration.ForgetUnended(http, application.Value.IsPublicHttps);
        http.Response.Headers.CacheControl = "no-store";
        var back = ReturnPath.Local(returnUrl);
        try
        {
            await http.ChallengeAsync(OidcRegistration.Scheme, new AuthenticationProperties { RedirectUri = back });
        }
        catch (Exception exception) when (!http.RequestAborted.IsCancellationRequested)
        {
            var kind = ProviderEvents.KindOf(exception);
            loggers.CreateLogger(typeof(OidcEndpoints)).LogWarning("A sign-in at {Authority} can't begin, {Reason}: {Failure}", provider.Value.Authority, kind, exception.GetBaseException().Message);
            http.Response.Redirect(ProviderEvents.SignInPage(kind, back));
        }

        return TypedResults.Empty;
    }
}
