using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Portal.Data;

/// <summary>How the catalogue lies in the database: names as the operations guide quotes them, lengths, keys.</summary>
internal static class CatalogueModel
{
    public const string MonitoringSchema = "monitoring";
    private const string IdentitySchema = "identity";

    public static void Configure(ModelBuilder model)
    {
        model.Entity<Site>(site =>
        {
            site.ToTable("Sites", MonitoringSchema);
            site.Property(s => s.Name).HasMaxLength(Site.MaxNameLength);
            site.Property(s => s.TimeZone).HasMaxLength(Site.MaxTimeZoneLength);
        });
        model.Entity<Device>(device =>
        {
            device.ToTable("Devices", MonitoringSchema);
            device.Property(d => d.Name).HasMaxLength(Device.MaxNameLength);
            device.Property(d => d.ExternalId).HasMaxLength(Device.MaxExternalIdLength);
            device.Property(d => d.Model).HasMaxLength(Device.MaxModelLength);
            device.Property(d => d.Role).HasConversion<string>().HasMaxLength(16);
            device.HasIndex(d => d.ExternalId).IsUnique();
            device.HasOne(d => d.Site).WithMany(s => s.Devices).HasForeignKey(d => d.SiteId).OnDelete(DeleteBehavior.Restrict);
        });
        model.Entity<IngestKey>(key =>
        {
            key.Property(k => k.Name).HasMaxLength(IngestKey.MaxNameLength);
            key.Property(k => k.Prefix).HasMaxLength(IngestKey.PrefixLength);
            key.HasIndex(k => k.Hash).IsUnique();
        });
        model.Entity<AuditEntry>(entry =>
        {
            entry.Property(e => e.Actor).HasMaxLength(AuditEntry.MaxActorLength);
            entry.Property(e => e.Action).HasMaxLength(AuditEntry.MaxActionLength);
            entry.Property(e => e.Subject).HasMaxLength(AuditEntry.MaxSubjectLength);
            entry.Property(e => e.Details).HasColumnType("jsonb");
            entry.HasIndex(e => e.At);
        });
        model.Entity<Session>(session =>
        {
            session.HasOne<PortalUser>().WithMany().HasForeignKey(s => s.UserId).OnDelete(DeleteBehavior.Cascade);
            session.HasIndex(s => s.ExpiresAt);
        });
        model.Entity<AccountLink>(link =>
        {
            link.HasKey(l => l.UserId);
            link.HasIndex(l => l.Hash).IsUnique();
            link.HasOne<PortalUser>().WithOne().HasForeignKey<AccountLink>(l => l.UserId).OnDelete(DeleteBehavior.Cascade);
        });
        model.Entity<QuarantinedPost>(post =>
        {
            post.ToTable("QuarantinedPosts", MonitoringSchema);
            post.Property(p => p.ExternalId).HasMaxLength(Device.MaxExternalIdLength);
            post.HasIndex(p => new { p.ExternalId, p.Hash }).IsUnique();
            post.HasIndex(p => p.ReceivedAt);
        });
        model.Entity<QuarantineDrops>(drops =>
        {
            drops.HasKey(d => new { d.Day, d.Reason });
            drops.Property(d => d.Reason).HasMaxLength(QuarantineDrops.MaxReasonLength);
        });
        model.Entity<UnknownParameter>(parameter =>
        {
            parameter.HasKey(p => new { p.ExternalId, p.Name });
            parameter.Property(p => p.ExternalId).HasMaxLength(Device.MaxExternalIdLength);
            parameter.Property(p => p.Name).HasMaxLength(UnknownParameter.MaxNameLength);
        });
        model.Entity<DuplicateRows>(rows =>
        {
            rows.HasKey(r => new { r.DeviceId, r.Day });
            rows.HasOne<Device>().WithMany().HasForeignKey(r => r.DeviceId).OnDelete(DeleteBehavior.Cascade);
        });
        model.Entity<BrandingRecord>(branding =>
        {
            branding.ToTable("Branding", table => table.HasCheckConstraint("CK_Branding_OneRow", $"\"Id\" = {BrandingRecord.OnlyId}"));
            branding.Property(b => b.Id).ValueGeneratedNever();
            branding.Property(b => b.Name).HasMaxLength(BrandingRecord.MaxNameLength);
            branding.Property(b => b.Colour).HasMaxLength(BrandingRecord.ColourLength);
            branding.Property(b => b.Logo).HasMaxLength(BrandingRecord.LogoLength);
        });
        model.Entity<Backup>(backup => backup.Property(b => b.Details).HasMaxLength(Backup.MaxDetailsLength));
    }

    public static void ConfigureIdentity(ModelBuilder model)
    {
        model.Entity<PortalUser>(user =>
        {
            user.ToTable("Users", IdentitySchema);
            // Written by the sign-in's own statement alone: Identity writes the whole row as it was read, and would give a used code back.
            user.Property(u => u.LastCodeStep).Metadata.SetAfterSaveBehavior(PropertySaveBehavior.Ignore);
        });
        model.Entity<AccountLink>().ToTable("AccountLinks", IdentitySchema);
        model.Entity<IdentityRole<Guid>>().ToTable("Roles", IdentitySchema);
        model.Entity<IdentityUserRole<Guid>>().ToTable("UserRoles", IdentitySchema);
        model.Entity<IdentityUserClaim<Guid>>().ToTable("UserClaims", IdentitySchema);
        model.Entity<IdentityUserLogin<Guid>>().ToTable("UserLogins", IdentitySchema);
        model.Entity<IdentityUserToken<Guid>>().ToTable("UserTokens", IdentitySchema);
        model.Entity<IdentityRoleClaim<Guid>>().ToTable("RoleClaims", IdentitySchema);
    }
}
