namespace Portal.Data.Rates;

/// <summary>What a tariff has to know of a site besides its meters, from a day on until the next one.</summary>
public sealed class SiteFactsRecord
{
    public Guid Id { get; set; } = Guid.CreateVersion7();

    public Guid SiteId { get; set; }

    /// <summary>First day, on the site's clock; unique within the site.</summary>
    public DateOnly From { get; set; }

    /// <summary>Notified maximum demand, kVA; null where none is known.</summary>
    public decimal? NotifiedDemandKva { get; set; }

    /// <summary>Points of delivery, 1 or more.</summary>
    public int ConnectionPoints { get; set; } = 1;

    /// <summary>Size of the connection, A; null where not known.</summary>
    public decimal? Amperes { get; set; }
}
