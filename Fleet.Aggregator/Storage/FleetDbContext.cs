using Fleet.Aggregator.Audit;
using Fleet.Aggregator.Catalogue;
using Fleet.Aggregator.Customers;
using Fleet.Aggregator.Events;
using Fleet.Aggregator.Silences;
using Microsoft.EntityFrameworkCore;

namespace Fleet.Aggregator.Storage;

/// <summary>The fleet's catalogue, schema <c>fleet</c>. Measurements and roll-ups are no entities.</summary>
public sealed class FleetDbContext(DbContextOptions<FleetDbContext> options) : DbContext(options)
{
    public const string Schema = "fleet";

    public DbSet<Customer> Customers => Set<Customer>();

    public DbSet<PushToken> PushTokens => Set<PushToken>();

    public DbSet<Site> Sites => Set<Site>();

    public DbSet<Device> Devices => Set<Device>();

    public DbSet<IngestEvent> IngestEvents => Set<IngestEvent>();

    public DbSet<Silence> Silences => Set<Silence>();

    public DbSet<AuditEntry> AuditEntries => Set<AuditEntry>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.HasDefaultSchema(Schema);
        FleetModel.Configure(modelBuilder);
    }
}
