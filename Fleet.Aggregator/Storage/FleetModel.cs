using Fleet.Aggregator.Audit;
using Fleet.Aggregator.Catalogue;
using Fleet.Aggregator.Customers;
using Fleet.Aggregator.Events;
using Fleet.Aggregator.Silences;
using Microsoft.EntityFrameworkCore;
using Portal.Domain.Decoding;

namespace Fleet.Aggregator.Storage;

/// <summary>
/// How the fleet's catalogue lies in the database: names as the operations guide quotes them, the customer first in every key, and gone with
/// its row in <c>fleet."Customers"</c>.
/// </summary>
internal static class FleetModel
{
    /// <summary>One accepted event for each batch id: whoever writes a second one finds out.</summary>
    public const string BatchIndex = "IX_IngestEvents_AcceptedBatch";

    public static void Configure(ModelBuilder model)
    {
        model.Entity<Customer>(customer =>
        {
            customer.ToTable("Customers");
            customer.Property(c => c.Code).HasMaxLength(12);
            customer.Property(c => c.Name).HasMaxLength(Customer.MaxNameLength);
            customer.Property(c => c.SoftwareVersion).HasMaxLength(Customer.MaxVersionLength);
            customer.HasIndex(c => c.Code).IsUnique();
            customer.HasMany(c => c.Tokens).WithOne().HasForeignKey(t => t.CustomerId).OnDelete(DeleteBehavior.Cascade);
        });
        model.Entity<PushToken>(token =>
        {
            token.ToTable("PushTokens");
            token.HasKey(t => new { t.CustomerId, t.Hash });
            token.HasIndex(t => t.Hash);
            token.HasIndex(t => t.CustomerId).HasFilter("\"RetiredAt\" IS NULL").IsUnique().HasDatabaseName("IX_PushTokens_InForce");
            token.Property(t => t.Prefix).HasMaxLength(8);
        });
        model.Entity<Site>(site =>
        {
            site.ToTable("Sites");
            site.HasKey(s => new { s.CustomerId, s.Id });
            site.Property(s => s.Id).UseIdentityByDefaultColumn();
            site.Property(s => s.ExternalId).HasMaxLength(ExternalId.MaxLength);
            site.Property(s => s.Name).HasMaxLength(Site.MaxNameLength);
            site.Property(s => s.TimeZone).HasMaxLength(Site.MaxTimeZoneLength);
            site.HasIndex(s => new { s.CustomerId, s.ExternalId }).IsUnique();
            site.HasOne<Customer>().WithMany().HasForeignKey(s => s.CustomerId).OnDelete(DeleteBehavior.Cascade);
        });
        model.Entity<Device>(device =>
        {
            device.ToTable("Devices");
            device.HasKey(d => new { d.CustomerId, d.Id });
            device.Property(d => d.Id).UseIdentityByDefaultColumn();
            device.Property(d => d.ExternalId).HasMaxLength(ExternalId.MaxLength);
            device.Property(d => d.Name).HasMaxLength(Device.MaxNameLength);
            device.Property(d => d.Model).HasMaxLength(Device.MaxModelLength);
            device.Property(d => d.Role).HasMaxLength(16);
            device.Property(d => d.CadenceSamples).HasDefaultValue((short)0);
            device.HasIndex(d => new { d.CustomerId, d.ExternalId }).IsUnique();
            // Partial, so that nobody but who asks for a site uses it: small as it is, the planner takes it for the customer's part of a key
            // that it has no statistics of, and reads all of a customer's devices for each one that is pushed.
            device.HasIndex(d => new { d.CustomerId, d.SiteId }).HasFilter("\"SiteId\" IS NOT NULL");
            device.HasOne<Customer>().WithMany().HasForeignKey(d => d.CustomerId).OnDelete(DeleteBehavior.Cascade);
            device.HasOne<Site>().WithMany().HasForeignKey(d => new { d.CustomerId, d.SiteId }).OnDelete(DeleteBehavior.NoAction);
        });
        model.Entity<Silence>(silence =>
        {
            silence.ToTable("Silences");
            silence.HasKey(s => new { s.CustomerId, s.Id });
            silence.Property(s => s.Id).UseIdentityByDefaultColumn();
            silence.Property(s => s.Kind).HasMaxLength(16);
            silence.HasIndex(s => new { s.CustomerId, s.Kind }).HasFilter("\"EndedAt\" IS NULL").HasDatabaseName("IX_Silences_Open");
            silence.HasOne<Customer>().WithMany().HasForeignKey(s => s.CustomerId).OnDelete(DeleteBehavior.Cascade);
        });
        model.Entity<AuditEntry>(entry =>
        {
            entry.ToTable("AuditEntries");
            entry.Property(e => e.Actor).HasMaxLength(AuditEntry.MaxActorLength);
            entry.Property(e => e.Action).HasMaxLength(AuditEntry.MaxActionLength);
            entry.Property(e => e.Subject).HasMaxLength(AuditEntry.MaxSubjectLength);
            entry.Property(e => e.Details).HasColumnType("jsonb");
        });
        ConfigureEvents(model);
    }

    private static void ConfigureEvents(ModelBuilder model) =>
        model.Entity<IngestEvent>(ingested =>
        {
            ingested.ToTable("IngestEvents");
            // In the order in which one customer's events are looked at, so that the key alone serves that.
            ingested.HasKey(e => new { e.CustomerId, e.ReceivedAt, e.Id });
            ingested.Property(e => e.Id).UseIdentityByDefaultColumn();
            ingested.Property(e => e.BatchType).HasMaxLength(IngestEvent.MaxBatchTypeLength);
            ingested.Property(e => e.TraceId).HasMaxLength(32);
            ingested.Property(e => e.Error).HasMaxLength(IngestEvent.MaxErrorLength);
            ingested.Property(e => e.Rejections).HasColumnType("jsonb");
            ingested
                .HasIndex(e => new { e.CustomerId, e.BatchId })
                .HasFilter("\"Status\" = 200")
                .IsUnique()
                .HasDatabaseName(BatchIndex);
            ingested.HasIndex(e => e.ReceivedAt);
            ingested.HasOne<Customer>().WithMany().HasForeignKey(e => e.CustomerId).OnDelete(DeleteBehavior.Cascade);
        });
}
