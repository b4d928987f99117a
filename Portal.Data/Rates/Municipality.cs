namespace Portal.Data.Rates;

/// <summary>A municipality or utility that charges for energy.</summary>
public sealed class Municipality
{
    public const int MaxNameLength = 120;

    public Guid Id { get; set; } = Guid.CreateVersion7();

    /// <summary>Unique, 1 to <see cref="MaxNameLength"/> characters.</summary>
    public required string Name { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>A municipality that has tariffs can't be deleted (foreign key).</summary>
    public List<TariffRecord> Tariffs { get; } = [];
}
