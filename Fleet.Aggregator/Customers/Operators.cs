using Microsoft.AspNetCore.Authorization;

namespace Fleet.Aggregator.Customers;

/// <summary>Who may look after the fleet: admins of the Admin stack.</summary>
internal static class Operators
{
    public const string Policy = "Operators";

    public static void Add(AuthorizationBuilder authorization) =>
        authorization
            .AddPolicy(Policy, policy => policy.RequireRole("Admin"))
            // An endpoint that forgot to state its policy lets nobody in.
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAssertion(_ => false).Build());
}
