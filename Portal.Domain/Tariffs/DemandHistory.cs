namespace Portal.Domain.Tariffs;

/// <summary>The largest demand of calendar months, over all bands, as capacity charges look back on them. Each month is looked at once.</summary>
internal sealed class DemandHistory(SiteRegisters registers, TimeZoneInfo zone)
{
    private readonly Dictionary<(DateOnly Month, long To), HalfHour[]> months = [];

    /// <summary>The month's half-hours from its start to an instant, or to its end.</summary>
    /// <param name="month">Its first day.</param>
    /// <param name="to">UTC ticks; <see cref="long.MaxValue"/> for the whole month.</param>
    public HalfHour[] Of(DateOnly month, long to)
    {
        if (!months.TryGetValue((month, to), out var halfHours))
        {
            var days = Enumerable.Range(0, DateTime.DaysInMonth(month.Year, month.Month)).Select(day => LocalDay.Of(month.AddDays(day), zone)).ToList();
            var grid = BandRuns.Of(days, BandTable.Flat, zone, days[0].Start, Math.Min(days[^1].End, to), HalfHour.Length);
            halfHours = HalfHour.Of(grid, registers.Import.Measure(grid), registers.ReactiveImport.Measure(grid), registers.ReactiveExport.Measure(grid));
            months.Add((month, to), halfHours);
        }

        return halfHours;
    }
}
