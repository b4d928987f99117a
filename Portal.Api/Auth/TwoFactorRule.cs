using Microsoft.Extensions.Options;
using Portal.Contracts.Users;

namespace Portal.Api.Auth;

/// <summary>
/// "Admins need two-factor", where the stack wants it (<see cref="SignInLimits.AdminsNeedTwoFactor"/>). Looked at with every request, so it holds for sessions
/// that are there already, for who becomes an admin and for whose second factor is taken.
/// </summary>
internal sealed class TwoFactorRule(IOptions<SignInLimits> limits)
{
    /// <summary>Whether the account must have it. One without a password signs in at a provider, which asks for what it wants.</summary>
    public bool Binds(string role, bool hasPassword) =>
        limits.Value.AdminsNeedTwoFactor && hasPassword && role is Roles.Admin or Roles.AdminWithoutTwoFactor;

    /// <summary>The role that a session has at this moment.</summary>
    /// <param name="role">The account's.</param>
    public string RoleNow(string role, bool hasTwoFactor, bool hasPassword) =>
        !hasTwoFactor && Binds(role, hasPassword) ? Roles.AdminWithoutTwoFactor : role;
}
