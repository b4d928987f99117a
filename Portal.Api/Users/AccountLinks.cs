using Microsoft.EntityFrameworkCore;
using Portal.Contracts.Users;
using Portal.Data;
using Portal.Domain.Keys;

namespace Portal.Api.Users;

/// <summary>Links with which somebody chooses the password of an account, without a mail server: an admin hands them over. Changes go with the caller's transaction.</summary>
internal sealed class AccountLinks(PortalDbContext db, TimeProvider clock)
{
    /// <summary>Page of the portal that takes them.</summary>
    public const string Page = "/account/link";

    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(3);

    /// <summary>A new link; an earlier one of the account is void.</summary>
    public async Task<AccountLinkItem> CreateAsync(Guid user, CancellationToken cancellationToken)
    {
        await VoidAsync(user, cancellationToken);
        var token = AccountLinkToken.Generate();
        var link = new AccountLink { UserId = user, Hash = token.Hash(), CreatedAt = clock.GetUtcNow(), ExpiresAt = clock.GetUtcNow() + Lifetime };
        db.AccountLinks.Add(link);
        return new AccountLinkItem($"{Page}#{token.Reveal()}", link.ExpiresAt);
    }

    public Task VoidAsync(Guid user, CancellationToken cancellationToken) =>
        db.AccountLinks.Where(link => link.UserId == user).ExecuteDeleteAsync(cancellationToken);

    /// <summary>The account that a link is of; null where it is none, used, void or too old.</summary>
    public async Task<Guid?> FindAsync(string secret, CancellationToken cancellationToken)
    {
        if (!AccountLinkToken.TryParse(secret, out var token)) return null;
        var (hash, now) = (token.Hash(), clock.GetUtcNow());
        return await db.AccountLinks.Where(link => link.Hash == hash && link.ExpiresAt > now).Select(link => (Guid?)link.UserId).FirstOrDefaultAsync(cancellationToken);
    }
}
