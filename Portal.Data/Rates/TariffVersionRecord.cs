namespace Portal.Data.Rates;

/// <summary>
/// Prices while they stay the same. Once approved it never changes, which the database holds as well (trigger): it can only be given an end
/// where it had none, and be withdrawn.
/// </summary>
public sealed class TariffVersionRecord
{
    public const int MaxSourceLength = 1_000;
    public const int MaxPersonLength = 256;

    public Guid Id { get; set; } = Guid.CreateVersion7();

    public Guid TariffId { get; set; }

    public TariffRecord? Tariff { get; set; }

    /// <summary>First day, on a site's clock. Unique among the tariff's versions that are not withdrawn.</summary>
    public DateOnly From { get; set; }

    /// <summary>The day after the last one; null: until further notice.</summary>
    public DateOnly? To { get; set; }

    public VersionState State { get; set; }

    /// <summary>ISO 4217.</summary>
    public required string Currency { get; set; }

    /// <summary>15 is fifteen per cent.</summary>
    public decimal VatPercent { get; set; }

    /// <summary>Where the prices were published.</summary>
    public required string Source { get; set; }

    /// <summary>Null for a tariff without a clock.</summary>
    public Guid? ClockId { get; set; }

    public ClockRecord? Clock { get; set; }

    /// <summary>Components and what holidays count as: a <see cref="VersionContent"/> as JSON (<see cref="RatesJson"/>).</summary>
    public required string Content { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Null while it is a draft.</summary>
    public DateTimeOffset? ApprovedAt { get; set; }

    /// <summary>Email of who approved it; null while it is a draft.</summary>
    public string? ApprovedBy { get; set; }

    /// <summary>Null unless it was withdrawn.</summary>
    public DateTimeOffset? WithdrawnAt { get; set; }

    /// <summary>Email of who withdrew it.</summary>
    public string? WithdrawnBy { get; set; }
}

/// <summary>What may become of a version.</summary>
public enum VersionState
{
    /// <summary>Can be changed and deleted; no bill is made with it.</summary>
    Draft,

    /// <summary>Bills are made with it; it never changes.</summary>
    Approved,

    /// <summary>Was approved and turned out wrong. It stays on record, and no bill is made with it any more.</summary>
    Withdrawn,
}
