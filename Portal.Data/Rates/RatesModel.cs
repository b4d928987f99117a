using Microsoft.EntityFrameworkCore;

namespace Portal.Data.Rates;

/// <summary>
/// How tariffs lie in the database. That approved versions never change and that validities don't overlap is held by triggers
/// (migration AddRates): exclusion constraints would need the extension btree_gist, which not every server has.
/// </summary>
internal static class RatesModel
{
    // Without a scale: 15 stays 15, and a price the digits that it was published with.
    private const string Exact = "numeric";

    public static void Configure(ModelBuilder model)
    {
        const string schema = CatalogueModel.MonitoringSchema;
        // Ids are made here: what hangs on a stored tariff or clock is new, whatever its id.
        Type[] entities =
        [
            typeof(Municipality), typeof(TariffRecord), typeof(TariffVersionRecord), typeof(ClockRecord), typeof(ClockVersionRecord), typeof(TariffAssignment),
            typeof(SiteFactsRecord),
        ];
        foreach (var entity in entities)
        {
            model.Entity(entity).Property("Id").ValueGeneratedNever();
        }

        model.Entity<Municipality>(municipality =>
        {
            municipality.ToTable("Municipalities", schema);
            municipality.Property(m => m.Name).HasMaxLength(Municipality.MaxNameLength);
            municipality.HasIndex(m => m.Name).IsUnique();
        });
        model.Entity<TariffRecord>(tariff =>
        {
            tariff.ToTable("Tariffs", schema);
            tariff.Property(t => t.Name).HasMaxLength(TariffRecord.MaxNameLength);
            tariff.HasIndex(t => new { t.MunicipalityId, t.Name }).IsUnique();
            tariff.HasOne(t => t.Municipality).WithMany(m => m.Tariffs).HasForeignKey(t => t.MunicipalityId).OnDelete(DeleteBehavior.Restrict);
        });
        model.Entity<TariffVersionRecord>(version =>
        {
            version.ToTable("TariffVersions", schema, table => table.HasCheckConstraint("CK_TariffVersions_Validity", "\"To\" IS NULL OR \"To\" > \"From\""));
            version.Property(v => v.State).HasConversion(state => Word(state), word => Enum.Parse<VersionState>(word, true)).HasMaxLength(16);
            version.Property(v => v.Currency).HasMaxLength(3);
            version.Property(v => v.VatPercent).HasColumnType(Exact);
            version.Property(v => v.Source).HasMaxLength(TariffVersionRecord.MaxSourceLength);
            version.Property(v => v.Content).HasColumnType("jsonb");
            version.Property(v => v.ApprovedBy).HasMaxLength(TariffVersionRecord.MaxPersonLength);
            version.Property(v => v.WithdrawnBy).HasMaxLength(TariffVersionRecord.MaxPersonLength);
            version.HasIndex(v => new { v.TariffId, v.From }).IsUnique().HasFilter("\"State\" <> 'withdrawn'");
            version.HasOne(v => v.Tariff).WithMany(t => t.Versions).HasForeignKey(v => v.TariffId).OnDelete(DeleteBehavior.Cascade);
            version.HasOne(v => v.Clock).WithMany().HasForeignKey(v => v.ClockId).OnDelete(DeleteBehavior.Restrict);
        });
        model.Entity<ClockRecord>(clock =>
        {
            clock.ToTable("Clocks", schema);
            clock.Property(c => c.Name).HasMaxLength(ClockRecord.MaxNameLength);
            clock.HasIndex(c => c.Name).IsUnique();
        });
        model.Entity<ClockVersionRecord>(version =>
        {
            version.ToTable("ClockVersions", schema, table => table.HasCheckConstraint("CK_ClockVersions_Validity", "\"To\" IS NULL OR \"To\" > \"From\""));
            version.Property(v => v.Content).HasColumnType("jsonb");
            version.HasOne(v => v.Clock).WithMany(c => c.Versions).HasForeignKey(v => v.ClockId).OnDelete(DeleteBehavior.Cascade);
        });
        model.Entity<TariffAssignment>(assignment =>
        {
            assignment.ToTable("TariffAssignments", schema, table => table.HasCheckConstraint("CK_TariffAssignments_Validity", "\"To\" IS NULL OR \"To\" > \"From\""));
            assignment.HasIndex(a => new { a.SiteId, a.From });
            assignment.HasOne<Site>().WithMany().HasForeignKey(a => a.SiteId).OnDelete(DeleteBehavior.Cascade);
            assignment.HasOne(a => a.Tariff).WithMany().HasForeignKey(a => a.TariffId).OnDelete(DeleteBehavior.Restrict);
        });
        model.Entity<SiteFactsRecord>(facts =>
        {
            facts.ToTable("SiteFacts", schema);
            facts.Property(f => f.NotifiedDemandKva).HasColumnType(Exact);
            facts.Property(f => f.Amperes).HasColumnType(Exact);
            facts.HasIndex(f => new { f.SiteId, f.From }).IsUnique();
            facts.HasOne<Site>().WithMany().HasForeignKey(f => f.SiteId).OnDelete(DeleteBehavior.Cascade);
        });
    }

    private static string Word(VersionState state) => state.ToString().ToLowerInvariant();
}
