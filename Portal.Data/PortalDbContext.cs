using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Portal.Data.Rates;

namespace Portal.Data;

/// <summary>
/// The portal's catalogue: people, sites, devices, keys, audit. Measurements are not in it; they are written and read with Npgsql.
/// </summary>
public sealed class PortalDbContext(DbContextOptions<PortalDbContext> options)
    : IdentityDbContext<PortalUser, IdentityRole<Guid>, Guid>(options)
{
    /// <summary>Schema of what is neither a measurement nor a person, and of the history of migrations.</summary>
    public const string Schema = "portal";

    public DbSet<Site> Sites => Set<Site>();

    public DbSet<Device> Devices => Set<Device>();

    public DbSet<IngestKey> IngestKeys => Set<IngestKey>();

    public DbSet<AuditEntry> AuditEntries => Set<AuditEntry>();

    public DbSet<Session> Sessions => Set<Session>();

    public DbSet<QuarantinedPost> QuarantinedPosts => Set<QuarantinedPost>();

    public DbSet<QuarantineDrops> QuarantineDrops => Set<QuarantineDrops>();

    public DbSet<UnknownParameter> UnknownParameters => Set<UnknownParameter>();

    public DbSet<AccountLink> AccountLinks => Set<AccountLink>();

    public DbSet<BrandingRecord> Branding => Set<BrandingRecord>();

    public DbSet<DuplicateRows> DuplicateRows => Set<DuplicateRows>();

    public DbSet<Backup> Backups => Set<Backup>();

    public DbSet<Municipality> Municipalities => Set<Municipality>();

    public DbSet<TariffRecord> Tariffs => Set<TariffRecord>();

    public DbSet<TariffVersionRecord> TariffVersions => Set<TariffVersionRecord>();

    public DbSet<ClockRecord> Clocks => Set<ClockRecord>();

    public DbSet<ClockVersionRecord> ClockVersions => Set<ClockVersionRecord>();

    public DbSet<TariffAssignment> TariffAssignments => Set<TariffAssignment>();

    public DbSet<SiteFactsRecord> SiteFacts => Set<SiteFactsRecord>();

    /// <summary>The one row of branding, made where there is none; two who change it do so one after the other. In a transaction.</summary>
    public async Task<BrandingRecord> LockBrandingAsync(CancellationToken cancellationToken)
    {
        await Database.ExecuteSqlAsync(
            $"""INSERT INTO portal."Branding" ("Id") VALUES ({BrandingRecord.OnlyId}) ON CONFLICT ("Id") DO UPDATE SET "Id" = EXCLUDED."Id" """, cancellationToken);
        return await Branding.SingleAsync(cancellationToken);
    }

    /// <summary>Fixed here: by default it follows the service's Identity options, and a service without them would have another model.</summary>
    protected override Version SchemaVersion => IdentitySchemaVersions.Version2;

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.HasDefaultSchema(Schema);
        CatalogueModel.Configure(builder);
        RatesModel.Configure(builder);
        CatalogueModel.ConfigureIdentity(builder);
    }
}
