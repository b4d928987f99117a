namespace Portal.Data.Rates;

/// <summary>A tariff as it is stored; bills take it as <see cref="Portal.Domain.Tariffs.Tariff"/>.</summary>
public sealed class TariffRecord
{
    public const int MaxNameLength = 120;

    public Guid Id { get; set; } = Guid.CreateVersion7();

    public Guid MunicipalityId { get; set; }

    public Municipality? Municipality { get; set; }

    /// <summary>Unique within its municipality, 1 to <see cref="MaxNameLength"/> characters.</summary>
    public required string Name { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Drafts go with the tariff; one with versions that were ever approved can't be deleted (trigger).</summary>
    public List<TariffVersionRecord> Versions { get; } = [];
}
