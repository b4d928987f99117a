using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;
using Portal.Api.Application;
using Portal.Contracts.Auth;
using Portal.ServiceDefaults.Sessions;

namespace Portal.Api.Auth.Oidc;

/// <summary>What happens at the steps of a sign-in at the provider. Each ends at a page of this portal: where the person wanted to go, or the sign-in page with the reason.</summary>
internal sealed class ProviderEvents(
    ProviderSignIn desk, SessionControl sessions, IOptions<OidcOptions> options, IOptions<ApplicationOptions> application, ILogger<ProviderEvents> logger)
    : OpenIdConnectEvents
{
    // The address that is registered there, whatever host a request names.
    public override Task RedirectToIdentityProvider(RedirectContext context)
    {
        context.ProtocolMessage.RedirectUri = new Uri(application.Value.PublicUrl!, OidcRegistration.CallbackPath).ToString();
        return Task.CompletedTask;
    }

    public override Task UserInformationReceived(UserInformationReceivedContext context)
    {
        ProviderPerson.Complete((ClaimsIdentity)context.Principal!.Identity!, context.User.RootElement, options.Value);
        return Task.CompletedTask;
    }

    public override async Task TicketReceived(TicketReceivedContext context)
    {
        var http = context.HttpContext;
        var person = ProviderPerson.Of(context.Principal!, options.Value);
        context.HandleResponse();
        try
        {
            var (user, role, refused) = await desk.AdmitAsync(person, http.RequestAborted);
            if (user is null)
            {
                Refuse(http, refused!, $"subject {person.Subject}", context.ReturnUri);
                return;
            }

            // This runs before the session is read, and the one that the browser came with is to end.
            if ((await http.AuthenticateAsync(SessionAuth.Scheme)).Principal is { } before) http.User = before;
            if (!await sessions.StartAsync(http, user, role!, http.RequestAborted))
            {
                Refuse(http, ProviderRefusals.Expired, "the account changed meanwhile", context.ReturnUri);
                return;
            }

            logger.LogInformation("Signed in {Email} from {Address} by OpenID Connect", user.Email, http.Connection.RemoteIpAddress);
            http.Response.Redirect(ReturnPath.Local(context.ReturnUri));
        }
        catch (Exception exception) when (!http.RequestAborted.IsCancellationRequested)
        {
            // Somebody looks at this with a browser: a page, and no answer for programs.
            logger.LogError(exception, "A sign-in by OpenID Connect broke off");
            http.Response.Redirect(SignInPage(ProviderRefusals.Unavailable, context.ReturnUri));
        }
    }

    public override Task AccessDenied(AccessDeniedContext context)
    {
        Refuse(context.HttpContext, ProviderRefusals.Declined, "access_denied", context.Properties?.RedirectUri);
        context.HandleResponse();
        return Task.CompletedTask;
    }

    public override Task RemoteFailure(RemoteFailureContext context)
    {
        Refuse(context.HttpContext, KindOf(context.Failure!), context.Failure!.Message, context.Properties?.RedirectUri);
        context.HandleResponse();
        return Task.CompletedTask;
    }

    /// <summary>One of <see cref="ProviderRefusals"/> for what went wrong between this service and the provider.</summary>
    public static string KindOf(Exception failure) => failure switch
    {
        // State, its cookie or the nonce's: gone after a quarter of an hour, or never this browser's.
        AuthenticationFailureException or OpenIdConnectProtocolInvalidNonceException => ProviderRefusals.Expired,
        OpenIdConnectProtocolException or SecurityTokenException => ProviderRefusals.NotValid,
        _ => ProviderRefusals.ProviderAway,
    };

    /// <summary>The sign-in page with the reason. It has a sentence for each, so nothing that the provider wrote is shown.</summary>
    public static string SignInPage(string refused, string? returnUrl)
    {
        var back = ReturnPath.Local(returnUrl);
        return $"/sign-in?refused={refused}" + (back == "/" ? "" : $"&returnUrl={Uri.EscapeDataString(back)}");
    }

    private void Refuse(HttpContext http, string kind, string particulars, string? returnUrl)
    {
        logger.LogWarning("Refused a sign-in by OpenID Connect from {Address}: {Reason} ({Particulars})", http.Connection.RemoteIpAddress, kind, particulars);
        http.Response.Redirect(SignInPage(kind, returnUrl));
    }
}
