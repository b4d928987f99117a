namespace MeterSimulator.Metering;

/// <summary>
/// Power and energy of a circuit at any instant since <see cref="Epoch"/>. Energy is the exact integral of the power curve, summed by
/// the minute from the epoch on, so that whoever asks gets the same register, whenever the program was started. Costs about 0.1 s for
/// the first question (two years of minutes); afterwards one sum a day and three days by the minute (240 kB) are kept. One thread at a time.
/// </summary>
internal sealed class EnergyHistory(Circuit circuit)
{
    /// <summary>No meter was there before.</summary>
    public static readonly DateTimeOffset Epoch = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private const int MinutesPerDay = 1440;
    private static readonly long EpochDay = Epoch.ToUnixTimeSeconds() / 86_400;

    private readonly List<EnergyTotals> _dayStarts = [default]; // one entry a day since the epoch
    private readonly List<MinuteTable> _recent = new(3); // the day asked for, the one before (demand), one more for live beside backfill

    public PowerPoint PowerAt(DateTimeOffset time)
    {
        var (table, minute, part) = Find(time);
        return PowerPoint.Between(table.Power[minute], table.Power[minute + 1], part);
    }

    public EnergyTotals TotalsAt(DateTimeOffset time)
    {
        var (table, minute, part) = Find(time);
        return table.Totals[minute] + EnergyTotals.OfMinute(table.Power[minute], table.Power[minute + 1], part);
    }

    private (MinuteTable Table, int Minute, double Part) Find(DateTimeOffset time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, Epoch);
        var sinceMidnight = time.UtcDateTime.TimeOfDay.Ticks;
        var (minute, rest) = Math.DivRem(sinceMidnight, TimeSpan.TicksPerMinute);
        var day = (time.UtcTicks / TimeSpan.TicksPerDay) - (DateTimeOffset.UnixEpoch.Ticks / TimeSpan.TicksPerDay) - EpochDay;
        return (Table((int)day), (int)minute, (double)rest / TimeSpan.TicksPerMinute);
    }

    private MinuteTable Table(int day)
    {
        for (var i = 0; i < _recent.Count; i++)
        {
            var known = _recent[i];
            if (known.Day != day) continue;
            if (i == 0) return known;
            _recent.RemoveAt(i);
            _recent.Insert(0, known);
            return known;
        }

        while (_dayStarts.Count <= day) _dayStarts.Add(SumDay(_dayStarts.Count - 1));
        var table = _recent.Count < _recent.Capacity ? new MinuteTable() : _recent[^1];
        if (_recent.Count == _recent.Capacity) _recent.RemoveAt(_recent.Count - 1);
        Fill(table, day);
        _recent.Insert(0, table);
        return table;
    }

    private EnergyTotals SumDay(int day)
    {
        var total = _dayStarts[day];
        var first = (EpochDay + day) * MinutesPerDay;
        var from = circuit.At(first);
        for (var i = 1; i <= MinutesPerDay; i++)
        {
            var to = circuit.At(first + i);
            total += EnergyTotals.OfMinute(from, to);
            from = to;
        }

        return total;
    }

    private void Fill(MinuteTable table, int day)
    {
        table.Day = day;
        var first = (EpochDay + day) * MinutesPerDay;
        table.Totals[0] = _dayStarts[day];
        table.Power[0] = circuit.At(first);
        for (var i = 1; i <= MinutesPerDay; i++)
        {
            table.Power[i] = circuit.At(first + i);
            table.Totals[i] = table.Totals[i - 1] + EnergyTotals.OfMinute(table.Power[i - 1], table.Power[i]);
        }
    }

    private sealed class MinuteTable
    {
        public int Day { get; set; }

        public PowerPoint[] Power { get; } = new PowerPoint[MinutesPerDay + 1];

        public EnergyTotals[] Totals { get; } = new EnergyTotals[MinutesPerDay + 1];
    }
}
