namespace Portal.Domain.Tariffs;

/// <summary>
/// A clock's version ready for use: for each season and kind of day the bands of its minutes as a list of runs, so that a day's bands are
/// looked up once and no interval is classified by itself.
/// </summary>
internal sealed class BandTable
{
    /// <summary>What a tariff without a clock has: one season and one band, both without a name.</summary>
    public static BandTable Flat { get; } = new();

    private readonly ClockVersion? clock;
    private readonly HolidayRule? rule;
    private readonly int[] seasonOfMonth = new int[13];
    private readonly DayRun[]?[,] days;
    private readonly string[] seasons;
    private readonly string[] bands;

    private BandTable() => (seasons, bands, days) = ([], [], new DayRun[]?[1, 1] { { [new DayRun(0, ClockWindow.DayMinutes, 0)] } });

    /// <param name="clock">As <see cref="TariffCheck"/> wants it.</param>
    /// <param name="rule">What holidays count as for this tariff; null: what the clock says.</param>
    public BandTable(ClockVersion clock, HolidayRule? rule)
    {
        this.clock = clock;
        this.rule = rule ?? clock.Holidays?.Rule;
        seasons = [.. clock.Seasons.Select(season => season.Name)];
        bands = [.. clock.Bands];
        days = new DayRun[]?[seasons.Length, 4];
        for (var season = 0; season < seasons.Length; season++)
        {
            foreach (var month in clock.Seasons[season].Months)
            {
                seasonOfMonth[month] = season;
            }

            foreach (var (kind, windows) in clock.Seasons[season].Days)
            {
                days[season, (int)kind] = Runs(windows);
            }
        }
    }

    /// <summary>One at least.</summary>
    public int Bands => Math.Max(1, bands.Length);

    /// <summary>Null for the one band of a tariff without a clock.</summary>
    public string? Band(int band) => bands.Length == 0 ? null : bands[band];

    /// <summary>Null for the one season of a tariff without a clock.</summary>
    public string? SeasonOf(DateOnly date) => seasons.Length == 0 ? null : seasons[seasonOfMonth[date.Month]];

    /// <summary>Bands of a day's minutes, in order and without a hole.</summary>
    public DayRun[] Day(DateOnly date) =>
        clock is null
            ? days[0, 0]!
            : days[seasonOfMonth[date.Month], (int)KindOf(date)]
                ?? throw new ArgumentException($"The clock has no windows for {KindOf(date)} in {SeasonOf(date)}.", nameof(date));

    /// <summary>What the clock takes a day for.</summary>
    public DayKind KindOf(DateOnly date) =>
        date.DayOfWeek == DayOfWeek.Sunday ? DayKind.Sunday
        : rule is not null && clock?.Holidays?.On(date) is { } holiday ? rule.Of(holiday)
        : date.DayOfWeek == DayOfWeek.Saturday ? DayKind.Saturday
        : DayKind.Weekday;

    /// <summary>Windows in order, the time between them in the band of all other time, neighbours of one band joined.</summary>
    private DayRun[] Runs(IReadOnlyList<ClockWindow> windows)
    {
        var runs = new List<DayRun>();
        foreach (var window in windows.OrderBy(window => window.From))
        {
            Add(window.From, clock!.Otherwise);
            Add(window.To, window.Band);
        }

        Add(ClockWindow.DayMinutes, clock!.Otherwise);
        return [.. runs];

        void Add(int to, string? band)
        {
            var from = runs.Count > 0 ? runs[^1].To : 0;
            if (to <= from)
            {
                return;
            }

            var index = Array.IndexOf(bands, band);
            if (index < 0)
            {
                throw new ArgumentException($"The clock has no band from minute {from} to {to}.", nameof(windows));
            }

            if (runs.Count > 0 && runs[^1].Band == index)
            {
                runs[^1] = runs[^1] with { To = to };
            }
            else
            {
                runs.Add(new DayRun(from, to, index));
            }
        }
    }
}

/// <summary>Minutes <c>[From, To)</c> of a local day in one band.</summary>
internal readonly record struct DayRun(int From, int To, int Band);
