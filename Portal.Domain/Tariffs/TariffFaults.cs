namespace Portal.Domain.Tariffs;

/// <summary>Something in a tariff or clock that can't be.</summary>
/// <param name="Path">Where, by names on the wire: <c>versions[0].components[2].rates[1].band</c>.</param>
/// <param name="Message">What is wrong and what would be right.</param>
public sealed record TariffFault(string Path, string Message);

/// <summary>Gathers faults: whoever corrects a tariff sees all of them at once.</summary>
public sealed class TariffFaults
{
    private readonly List<TariffFault> faults = [];

    public IReadOnlyList<TariffFault> All => faults;

    public void Add(string path, string message) => faults.Add(new TariffFault(path, message));

    /// <summary>Adds the fault where something doesn't hold.</summary>
    public bool Require(bool holds, string path, string message)
    {
        if (!holds)
        {
            Add(path, message);
        }

        return holds;
    }

    /// <summary>Lengths of names of tariffs, clocks, seasons, bands and components.</summary>
    public const int MaxNameLength = 120;

    /// <summary>No price, limit or count in use comes near it; sums stay far within a decimal.</summary>
    public const decimal MaxNumber = 1_000_000_000;

    internal void Name(string name, string path) =>
        Require(
            !string.IsNullOrWhiteSpace(name) && name.Length <= MaxNameLength && !name.Any(char.IsControl),
            path,
            $"Must be a text of 1 to {MaxNameLength} characters without line breaks."
        );

    internal void NotNegative(decimal number, string path) =>
        Require(number is >= 0 and <= MaxNumber, path, $"Must be from 0 to {MaxNumber:0}.");

    internal void Unique(IEnumerable<string> names, Func<int, string> path, string what)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (i, name) in names.Index())
        {
            Require(seen.Add(name), path(i), $"There is another {what} called '{name}'.");
        }
    }

    /// <param name="path">Of the end.</param>
    internal void Range(DateOnly from, DateOnly? to, string path) =>
        Require(to is null || to > from, path, $"Must be later than 'from' ({from:yyyy-MM-dd}); it is the day after the last one.");

    /// <summary>Validities that have a day in common.</summary>
    internal void Overlaps(IReadOnlyList<(DateOnly From, DateOnly? To)> ranges, Func<int, string> path)
    {
        for (var later = 1; later < ranges.Count; later++)
        {
            for (var earlier = 0; earlier < later; earlier++)
            {
                var (from, to) = ranges[earlier];
                Require(
                    !Validity.Overlap(from, to, ranges[later].From, ranges[later].To),
                    path(later),
                    $"Its validity overlaps the one from {from:yyyy-MM-dd}{(to is null ? " on" : $" to {to:yyyy-MM-dd}")}."
                );
            }
        }
    }
}
