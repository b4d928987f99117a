using Microsoft.AspNetCore.Authorization;
using Portal.Contracts.Users;

namespace Portal.Api.Auth;

/// <summary>Who may call an endpoint. Each endpoint names one of these or <c>AllowAnonymous</c>; without either it is closed to all.</summary>
internal static class Policies
{
    /// <summary>Anybody signed in who may use the portal.</summary>
    public const string SignedIn = "signed-in";

    /// <summary>Admins alone.</summary>
    public const string Admin = "admin";

    /// <summary>One's own account: anybody signed in, an admin who has to set up two-factor first included. Nothing else is open to such a one.</summary>
    public const string Own = "own";

    public static void Configure(AuthorizationOptions options)
    {
        options.AddPolicy(SignedIn, policy => policy.RequireRole(Roles.Admin, Roles.Viewer));
        options.AddPolicy(Admin, policy => policy.RequireRole(Roles.Admin));
        options.AddPolicy(Own, policy => policy.RequireRole(Roles.Admin, Roles.Viewer, Roles.AdminWithoutTwoFactor));

        // An endpoint of ours that says nothing is closed. What routing answers by itself (404, 405, 415) has no endpoint, or
        // one that isn't a route: it stays what it is.
        var closed = new AuthorizationPolicyBuilder()
            .RequireAssertion(context => context.Resource is HttpContext http && http.GetEndpoint() is not RouteEndpoint)
            .Build();
        options.DefaultPolicy = closed;
        options.FallbackPolicy = closed;
    }
}
