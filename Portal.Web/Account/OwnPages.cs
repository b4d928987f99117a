using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Endpoints;
using Portal.Contracts.Users;

namespace Portal.Web.Account;

/// <summary>
/// Who may open what. An admin who has to set up two-factor first may open what names <see cref="Policy"/>, which is the own account; all else is closed to
/// such a one without naming anything.
/// </summary>
internal static class OwnPages
{
    /// <summary>Policy of the own account's pages, and of the circuit in which they work.</summary>
    public const string Policy = "own";

    /// <summary>Where two-factor is set up.</summary>
    public const string Path = "/account";

    public static void AddPagePolicies(this IServiceCollection services)
    {
        var usual = new AuthorizationPolicyBuilder().RequireRole(Roles.Admin, Roles.Viewer).Build();
        services.AddAuthorizationBuilder()
            .SetDefaultPolicy(usual)
            .SetFallbackPolicy(usual)
            .AddPolicy(Policy, policy => policy.RequireRole(Roles.Admin, Roles.Viewer, Roles.AdminWithoutTwoFactor));
    }

    /// <summary>The circuit is the own pages' too. What a page in it shows it gets from the API, as the person who looks.</summary>
    public static TBuilder WithOwnCircuit<TBuilder>(this TBuilder pages)
        where TBuilder : IEndpointConventionBuilder
    {
        pages.Add(endpoint =>
        {
            if (!endpoint.Metadata.OfType<ComponentTypeMetadata>().Any()) endpoint.Metadata.Add(new AuthorizeAttribute(Policy));
        });
        return pages;
    }

    /// <summary>Whether a page is one of them.</summary>
    public static bool Has(Type page) => page.GetCustomAttributes(typeof(AuthorizeAttribute), inherit: true).Any(rule => ((AuthorizeAttribute)rule).Policy == Policy);
}
