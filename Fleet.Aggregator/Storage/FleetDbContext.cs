using Fleet.Aggregator.Customers;
using Microsoft.EntityFrameworkCore;

namespace Fleet.Aggregator.Storage;

/// <summary>The fleet's catalogue, schema <c>fleet</c>. Measurements and roll-ups are no entities.</summary>
public sealed class FleetDbContext(DbContextOptions<FleetDbContext> options) : DbContext(options)
{
    public const string Schema = "fleet";

    public DbSet<Customer> Customers => Set<Customer>();

    public DbSet<PushToken> PushTokens => Set<PushToken>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.HasDefaultSchema(Schema);
        modelBuilder.Entity<Customer>(customer =>
        {
            customer.ToTable("Customers");
            customer.Property(c => c.Code).HasMaxLength(12);
            customer.Property(c => c.Name).HasMaxLength(200);
            customer.HasIndex(c => c.Code).IsUnique();
            customer.HasMany(c => c.Tokens).WithOne().HasForeignKey(t => t.CustomerId).OnDelete(DeleteBehavior.Cascade);
        });
        modelBuilder.Entity<PushToken>(token =>
        {
            token.ToTable("PushTokens");
            token.HasKey(t => new { t.CustomerId, t.Hash });
            token.HasIndex(t => t.Hash);
            token.HasIndex(t => t.CustomerId).HasFilter("\"RetiredAt\" IS NULL").IsUnique().HasDatabaseName("IX_PushTokens_InForce");
            token.Property(t => t.Prefix).HasMaxLength(8);
        });
    }
}
