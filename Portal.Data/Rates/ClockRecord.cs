namespace Portal.Data.Rates;

/// <summary>A time-of-use calendar as it is stored; any tariff may use it.</summary>
public sealed class ClockRecord
{
    public const int MaxNameLength = 120;

    public Guid Id { get; set; } = Guid.CreateVersion7();

    /// <summary>Unique, 1 to <see cref="MaxNameLength"/> characters.</summary>
    public required string Name { get; set; }

    public List<ClockVersionRecord> Versions { get; } = [];
}

/// <summary>
/// The windows of a clock while they stay the same. While an approved version of a tariff follows the clock, they can't be changed or deleted,
/// only be given an end where they had none (trigger).
/// </summary>
public sealed class ClockVersionRecord
{
    public Guid Id { get; set; } = Guid.CreateVersion7();

    public Guid ClockId { get; set; }

    public ClockRecord? Clock { get; set; }

    /// <summary>First day, on a site's clock.</summary>
    public DateOnly From { get; set; }

    /// <summary>The day after the last one; null: until further notice.</summary>
    public DateOnly? To { get; set; }

    /// <summary>Bands, seasons and holidays: a <see cref="ClockContent"/> as JSON (<see cref="RatesJson"/>).</summary>
    public required string Content { get; set; }
}
