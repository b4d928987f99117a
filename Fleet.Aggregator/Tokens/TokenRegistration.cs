using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;

namespace Fleet.Aggregator.Tokens;

/// <summary>Who may push: the stacks of active customers, by their token.</summary>
internal static class TokenRegistration
{
    /// <summary>Policy of the endpoints that stacks call.</summary>
    public const string Stacks = "Stacks";

    public static void AddFleetTokens(this IServiceCollection services, AuthenticationBuilder authentication, AuthorizationBuilder authorization)
    {
        services.AddSingleton<FleetTokens>();
        authentication.AddScheme<AuthenticationSchemeOptions, FleetTokenAuthentication>(FleetTokenAuthentication.SchemeName, null);
        authorization.AddPolicy(
            Stacks,
            policy => policy.AddAuthenticationSchemes(FleetTokenAuthentication.SchemeName).RequireAuthenticatedUser()
        );
    }
}
