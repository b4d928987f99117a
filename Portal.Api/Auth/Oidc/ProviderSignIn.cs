using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Portal.Api.Users;
using Portal.Contracts.Auth;
using Portal.Contracts.Users;
using Portal.Data;

namespace Portal.Api.Auth.Oidc;

/// <summary>
/// Finds the account of somebody whom the provider named, connects one that waits for them, or makes one; the rules are those of
/// <c>docs/adr/0014-sign-in-by-openid-connect.md</c>. Alone among changes of accounts, so that of two first sign-ins at once one finds the other's.
/// </summary>
internal sealed class ProviderSignIn(UserChange change, AccountLinks links, IOptions<OidcOptions> options, TimeProvider clock)
{
    private const string By = "OpenID Connect";
    private static readonly RegularExpressionAttribute EmailPattern = new(EmailRules.Pattern);

    private UserManager<PortalUser> Users => change.Users;

    /// <returns>The account and its role, or one of <see cref="ProviderRefusals"/>; then nothing was changed.</returns>
    public async Task<(PortalUser? User, string? Role, string? Refused)> AdmitAsync(ProviderPerson person, CancellationToken cancellationToken)
    {
        var granted = options.Value.RoleOf(person.RoleValues);
        if (options.Value.MapsRoles && granted is null) return Refused(ProviderRefusals.NoRole);

        await using var transaction = await change.BeginAsync(cancellationToken);
        if (await Users.FindByLoginAsync(person.Issuer, person.Subject) is not { } user)
        {
            var (found, refused) = await ConnectAsync(person, granted, cancellationToken);
            if (found is null) return Refused(refused!);
            user = found;
        }

        if (!user.IsActive(clock.GetUtcNow())) return Refused(ProviderRefusals.Disabled);
        var role = (await Users.GetRolesAsync(user)).Single();
        if (Newly(granted, role) is { } other)
        {
            if (role == Roles.Admin && !await change.Administrators.ExistBesidesAsync(user.Id, cancellationToken)) return Refused(ProviderRefusals.LastAdmin);
            await change.SetRoleAsync(user, other);
            change.NoteOwn("user.updated", user, new { role = other, by = By });
            role = other;
        }

        await change.CommitOwnAsync(transaction, cancellationToken);
        return (user, role, null);
    }

    // Nobody with this identity yet. An address alone gives nobody an account that has a password, or is somebody's already.
    private async Task<(PortalUser? User, string? Refused)> ConnectAsync(ProviderPerson person, string? granted, CancellationToken cancellationToken)
    {
        if (person.Email is not { Length: > 0 and <= EmailRules.MaximumLength } email || !EmailPattern.IsValid(email)) return (null, ProviderRefusals.NoEmail);
        if (!person.EmailVerified) return (null, ProviderRefusals.EmailUnverified);

        if (await Users.FindByNameAsync(email) is not { } user)
        {
            if (granted is null) return (null, ProviderRefusals.NoAccount);
            user = new PortalUser { UserName = email, Email = email, EmailConfirmed = true, CreatedAt = clock.GetUtcNow() };
            UserChange.Ensure(await Users.CreateAsync(user));
            UserChange.Ensure(await Users.AddToRoleAsync(user, granted));
            change.NoteOwn("user.created", user, new { role = granted, by = By });
        }
        else
        {
            await change.FindAsync(user.Id, cancellationToken);
            if (user.PasswordHash is not null) return (null, ProviderRefusals.PasswordAccount);
            if ((await Users.GetLoginsAsync(user)).Count > 0) return (null, ProviderRefusals.OtherIdentity);
            await links.VoidAsync(user.Id, cancellationToken);
            change.NoteOwn("user.connected", user, new { by = By });
        }

        UserChange.Ensure(await Users.AddLoginAsync(user, new UserLoginInfo(person.Issuer, person.Subject, options.Value.DisplayName)));
        return (user, null);
    }

    /// <summary>The role that takes the place of the account's; null: it stays. Where the provider makes no Admins, the portal's remain.</summary>
    private string? Newly(string? granted, string role) =>
        granted is null || granted == role || (role == Roles.Admin && string.IsNullOrWhiteSpace(options.Value.AdminValue)) ? null : granted;

    private static (PortalUser? User, string? Role, string? Refused) Refused(string kind) => (null, null, kind);
}
