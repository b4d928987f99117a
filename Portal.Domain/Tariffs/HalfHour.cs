namespace Portal.Domain.Tariffs;

/// <summary>Demand over one half-hour of the local clock: the mean power that its registers tell.</summary>
/// <param name="Start">UTC ticks.</param>
/// <param name="Bands">Bit n is set where it touches band n.</param>
/// <param name="Kw">Mean active power drawn.</param>
/// <param name="Kva"><c>√(P² + Q²)</c>; Q is what was drawn less what was fed in.</param>
/// <param name="Doubts">Of the registers that the demand was made from; two bands in one half-hour are interpolated.</param>
internal readonly record struct HalfHour(long Start, int Bands, double Kw, double Kva, EnergyDoubts Doubts)
{
    public const long Length = 30 * TimeSpan.TicksPerMinute;

    // Energy over half an hour in 10⁻⁶ kWh is mean power in 2·10⁻⁶ kW.
    private const double KwPerMicro = 2e-6;

    public bool IsKnown => !Doubts.HasFlag(EnergyDoubts.Missing);

    public double In(DemandUnit unit) => unit == DemandUnit.Kw ? Kw : Kva;

    /// <summary>What is doubtful about its demand. What reactive energy lacks matters for kVA alone.</summary>
    public EnergyDoubts DoubtsOf(DemandUnit unit) => unit == DemandUnit.Kw ? Doubts & ~EnergyDoubts.NoReactive : Doubts;

    /// <summary>The half-hours that lie within the runs wholly, from energy in runs that are cut at half-hours.</summary>
    public static HalfHour[] Of(BandRuns runs, RunEnergy[] active, RunEnergy[] drawn, RunEnergy[] fed)
    {
        var halfHours = new List<HalfHour>(runs.Count);
        for (int first = 0, next; first < runs.Count; first = next)
        {
            for (next = first + 1; next < runs.Count && !runs.OnMark(next); next++) { }

            if (runs.OnMark(first) && runs.Edges[next] - runs.Edges[first] == Length)
            {
                halfHours.Add(Of(runs, first, next, active, drawn, fed));
            }
        }

        return [.. halfHours];
    }

    private static HalfHour Of(BandRuns runs, int first, int next, RunEnergy[] active, RunEnergy[] drawn, RunEnergy[] fed)
    {
        var (bands, doubts, energy, reactive) = (0, EnergyDoubts.None, 0L, 0L);
        for (var run = first; run < next; run++)
        {
            bands |= 1 << runs.Band(run);
            energy += active[run].Micro;
            reactive += drawn[run].Micro - fed[run].Micro;
            doubts |= active[run].Doubts | Reactive(drawn[run].Doubts, fed[run].Doubts);
        }

        if ((bands & (bands - 1)) != 0)
        {
            doubts |= EnergyDoubts.Interpolated;
        }

        var (kw, kvar) = (energy * KwPerMicro, reactive * KwPerMicro);
        return new HalfHour(runs.Edges[first], bands, kw, reactive == 0 ? kw : Math.Sqrt(kw * kw + kvar * kvar), doubts);
    }

    /// <summary>A meter that has no register of what is fed in feeds nothing in; one that has neither says nothing about Q.</summary>
    private static EnergyDoubts Reactive(EnergyDoubts drawn, EnergyDoubts fed)
    {
        var (noneDrawn, noneFed) = (drawn.HasFlag(EnergyDoubts.Missing), fed.HasFlag(EnergyDoubts.Missing));
        return noneDrawn && noneFed ? EnergyDoubts.NoReactive : (noneDrawn ? EnergyDoubts.None : drawn) | (noneFed ? EnergyDoubts.None : fed);
    }
}
