using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Api.Audit;
using Portal.Contracts.Branding;
using Portal.Data;

namespace Portal.Api.Branding;

/// <summary>What the stack is called, its colour and its logo.</summary>
internal sealed class BrandingStore(PortalDbContext db, LogoFolder folder, IOptions<BrandingOptions> options, AuditTrail audit)
{
    public async Task<BrandingItem> ReadAsync(CancellationToken cancellationToken) =>
        Item(await db.Branding.AsNoTracking().FirstOrDefaultAsync(cancellationToken));

    public Task<BrandingItem> ChangeAsync(ClaimsPrincipal caller, string name, string? colour, CancellationToken cancellationToken) =>
        ChangeAsync(caller, "branding.changed", branding => (branding.Name, branding.Colour) = (name, colour), new { name, colour }, cancellationToken);

    /// <summary>The file first: a row that names it is never without it.</summary>
    /// <exception cref="LogoNotKeptException">Nothing is changed.</exception>
    public async Task<BrandingItem> ChangeLogoAsync(ClaimsPrincipal caller, LogoImage logo, CancellationToken cancellationToken)
    {
        await folder.KeepAsync(logo, cancellationToken);
        var item = await ChangeAsync(caller, "branding.logo-changed", branding => branding.Logo = logo.Name, new { bytes = logo.Png.Length }, cancellationToken);
        folder.Forget(butThis: logo.Name);
        return item;
    }

    public async Task<BrandingItem> RemoveLogoAsync(ClaimsPrincipal caller, CancellationToken cancellationToken)
    {
        var item = await ChangeAsync(caller, "branding.logo-removed", branding => branding.Logo = null, null, cancellationToken);
        folder.Forget(butThis: null);
        return item;
    }

    private async Task<BrandingItem> ChangeAsync(
        ClaimsPrincipal caller, string action, Action<BrandingRecord> change, object? details, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var branding = await db.LockBrandingAsync(cancellationToken);
        change(branding);
        audit.Add(caller, action, Name(branding), details);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return Item(branding);
    }

    private BrandingItem Item(BrandingRecord? branding) => new(
        Name(branding), branding?.Colour, branding?.Logo is { } logo && folder.Find(logo) is not null ? BrandingEndpoints.LogoPath(logo) : null);

    private string Name(BrandingRecord? branding) => branding?.Name ?? options.Value.Name.Trim();
}
