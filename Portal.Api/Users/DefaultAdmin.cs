using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Api.Audit;
using Portal.Contracts.Users;
using Portal.Data;
using Portal.ServiceDefaults.Sessions;

namespace Portal.Api.Users;

/// <summary>Makes a fresh stack usable: the roles, and one admin while there is none. Repeating it changes nothing.</summary>
internal sealed class DefaultAdmin(
    PortalDbContext db,
    UserManager<PortalUser> users,
    RoleManager<IdentityRole<Guid>> roles,
    Administrators administrators,
    AuditTrail audit,
    IOptions<DefaultAdminOptions> options,
    KeyRingState keys,
    TimeProvider clock,
    ILogger<DefaultAdmin> logger)
{
    public async Task SeedAsync(CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await administrators.LockAsync(cancellationToken);
        foreach (var role in (string[])[Roles.Admin, Roles.Viewer])
            if (!await roles.RoleExistsAsync(role)) Succeed(await roles.CreateAsync(new IdentityRole<Guid>(role)));

        var email = options.Value.DefaultAdminEmail!.Trim();
        var seeded = !await administrators.ExistAsync(cancellationToken);
        if (seeded)
        {
            audit.AddOwn("user.seeded", email, new { role = Roles.Admin });
            // Without any admin an account of this name is no hindrance: whoever sets the environment owns the stack.
            if (await users.FindByNameAsync(email) is { } former) Succeed(await users.DeleteAsync(former));
            var admin = new PortalUser { UserName = email, Email = email, EmailConfirmed = true, CreatedAt = clock.GetUtcNow() };
            Succeed(await users.CreateAsync(admin, options.Value.DefaultAdminPassword!));
            Succeed(await users.AddToRoleAsync(admin, Roles.Admin));
        }

        await transaction.CommitAsync(cancellationToken);
        if (seeded)
        {
            logger.LogInformation("Seeded default admin {Email}", email);
        }
        else if (keys.WasEmpty)
        {
            // Nothing else would tell it from people who were signed out by themselves.
            logger.LogWarning(
                "The key ring in {Folder} was empty although this stack has been in use: everybody has to sign in again. Is its volume (portal-keys) mounted there, and does it outlive the container?",
                keys.Folder);
        }
    }

    private static void Succeed(IdentityResult result)
    {
        if (result.Succeeded) return;
        var reasons = string.Join(" ", result.Errors.Select(error => error.Description));
        throw new InvalidOperationException(
            $"The default admin can't be created: {reasons} Change Authentication__DefaultAdminEmail or Authentication__DefaultAdminPassword.");
    }
}
