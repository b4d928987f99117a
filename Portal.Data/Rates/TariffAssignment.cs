namespace Portal.Data.Rates;

/// <summary>A tariff that applies to a site for some days. No two of a site have a day in common (trigger).</summary>
public sealed class TariffAssignment
{
    public Guid Id { get; set; } = Guid.CreateVersion7();

    public Guid SiteId { get; set; }

    public Guid TariffId { get; set; }

    public TariffRecord? Tariff { get; set; }

    /// <summary>First day, on the site's clock.</summary>
    public DateOnly From { get; set; }

    /// <summary>The day after the last one; null: until further notice.</summary>
    public DateOnly? To { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}
