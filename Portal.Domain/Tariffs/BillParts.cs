using System.Globalization;

namespace Portal.Domain.Tariffs;

/// <summary>
/// A stretch of the period with one calendar month, one tariff, one version of it and one version of its clock. Everything that is charged by
/// the month is charged for a part by itself, so a price change within a period gives what two bills would.
/// </summary>
internal sealed record BillPart(
    AppliedTariff Applied,
    TariffVersion Version,
    ClockVersion? Clock,
    BandTable Table,
    long From,
    long To,
    List<LocalDay> Days,
    TimeZoneInfo Zone
)
{
    public DateOnly FirstDate => Days[0].Date;

    /// <summary>First day of its calendar month.</summary>
    public DateOnly Month => new(FirstDate.Year, FirstDate.Month, 1);

    /// <summary>Null where the tariff has no clock.</summary>
    public string? Season => Table.SeasonOf(FirstDate);

    /// <summary>Whole and parts of days.</summary>
    public decimal DayCount => Days.Sum(day => day.Share(From, To));

    /// <summary>Share of its calendar month.</summary>
    public MonthShare MonthShare => new(DayCount, DateTime.DaysInMonth(FirstDate.Year, FirstDate.Month));

    /// <summary>What the ids of its lines begin with. Parts begin on days of their own.</summary>
    public string LinePrefix => string.Create(CultureInfo.InvariantCulture, $"{FirstDate:yyyyMMdd}.");

    public DateTimeOffset Local(long ticks) => TimeZoneInfo.ConvertTime(new DateTimeOffset(ticks, TimeSpan.Zero), Zone);

    public BandRuns Runs(long? grid = null) => BandRuns.Of(Days, Table, Zone, From, To, grid);
}

/// <summary>Some days of a month. Kept as a fraction: an amount is multiplied first and divided last, so that a third of 300 is 100.</summary>
internal readonly record struct MonthShare(decimal Days, int Of)
{
    public static MonthShare Whole { get; } = new(1, 1);

    public decimal Value => Days / Of;

    public decimal? Times(decimal? amount) => amount * Days / Of;
}

/// <summary>Cuts a period into parts.</summary>
internal static class BillParts
{
    /// <param name="uncovered">Takes what no price is known for.</param>
    public static List<BillPart> Of(BillInput input, List<UncoveredSpan> uncovered)
    {
        var parts = new List<BillPart>();
        var tables = new Dictionary<InForce, BandTable>();
        var (from, to) = (input.From.UtcTicks, input.To.UtcTicks);
        var days = new List<LocalDay>();
        var current = default(InForce);
        if (to <= from)
        {
            return parts;
        }

        for (var day = LocalDay.Of(LocalDay.DateOf(input.From, input.Zone), input.Zone); day.Start < to; day = LocalDay.Of(day.Date.AddDays(1), input.Zone))
        {
            var inForce = InForce.On(day.Date, input.Tariffs);
            if (days.Count > 0 && (day.Date.Day == 1 || inForce != current))
            {
                Close();
            }

            current = inForce;
            days.Add(day);
        }

        if (days.Count > 0)
        {
            Close();
        }

        return parts;

        void Close()
        {
            var (start, end) = (Math.Max(days[0].Start, from), Math.Min(days[^1].End, to));
            if (current.Uncovered is { } reason)
            {
                Add(uncovered, start, end, reason);
            }
            else
            {
                if (!tables.TryGetValue(current, out var table))
                {
                    tables.Add(current, table = current.Table());
                }

                parts.Add(new BillPart(current.Applied!, current.Version!, current.Clock, table, start, end, [.. days], input.Zone));
            }

            days.Clear();
        }
    }

    private static void Add(List<UncoveredSpan> uncovered, long from, long to, UncoveredReason reason)
    {
        var (start, end) = (new DateTimeOffset(from, TimeSpan.Zero), new DateTimeOffset(to, TimeSpan.Zero));
        if (uncovered.Count > 0 && uncovered[^1].To == start && uncovered[^1].Reason == reason)
        {
            uncovered[^1] = uncovered[^1] with { To = end };
        }
        else
        {
            uncovered.Add(new UncoveredSpan(start, end, reason));
        }
    }

    /// <summary>What holds on a day, by reference.</summary>
    private readonly record struct InForce(AppliedTariff? Applied, TariffVersion? Version, ClockVersion? Clock)
    {
        public static InForce On(DateOnly date, IReadOnlyList<AppliedTariff> tariffs)
        {
            var applied = tariffs.FirstOrDefault(tariff => Validity.Holds(tariff.From, tariff.To, date));
            var version = applied?.Tariff.On(date);
            return new InForce(applied, version, version?.Clock?.On(date));
        }

        public UncoveredReason? Uncovered =>
            Applied is null ? UncoveredReason.NoTariff
            : Version is null ? UncoveredReason.NoVersion
            : Version.Clock is not null && Clock is null ? UncoveredReason.NoClock
            : null;

        public BandTable Table() => Clock is null ? BandTable.Flat : new BandTable(Clock, Version!.Holidays);
    }
}
