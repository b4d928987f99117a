using Portal.Domain.Energy;

namespace Portal.Domain.Tariffs;

/// <summary>Energy over one run of a site's register.</summary>
internal struct RunEnergy
{
    private const decimal PerKwh = 1_000_000;

    /// <summary>In 10⁻⁶ of the register's unit (mWh, mvarh), a whole number: sums are exact, in whatever order.</summary>
    public long Micro { get; set; }

    /// <summary>How much of the run no meter knows.</summary>
    public long MissingTicks { get; set; }

    public EnergyDoubts Doubts { get; set; }

    public readonly bool IsKnown => !Doubts.HasFlag(EnergyDoubts.Missing);

    public readonly bool IsEstimated => IsKnown && Doubts != EnergyDoubts.None;

    /// <summary>In the register's unit.</summary>
    public static decimal Units(long micro) => micro / PerKwh;
}

/// <summary>
/// One register of all main meters of a site. The curves are read at the edges to a millionth of a kWh, below any meter's resolution, so that
/// runs add up to what lies between their outer edges exactly. Resets, gaps and silent meters count as for <see cref="RegisterCurve.Sum"/>.
/// </summary>
internal sealed class SiteRegister(IEnumerable<RegisterCurve?> curves)
{
    // An edge counts as read when the readings around it are no further apart than a tenth of the run, as everywhere, and of an hour: runs of
    // half a day would let an hour pass otherwise, and a reading interval that lies astride a band's edge must show.
    private const double KnownEdgeShare = 0.1;
    private static readonly TimeSpan LongestKnownGap = TimeSpan.FromMinutes(6);

    private readonly RegisterCurve[] known = [.. curves.OfType<RegisterCurve>().Where(curve => curve.FirstAt is not null)];

    /// <summary>False where no meter ever had a reading of it.</summary>
    public bool IsKnown => known.Length > 0;

    /// <summary>Stretches of <c>[from, to)</c> that no meter knows, in order: before the first readings, after the last, between meters.</summary>
    public List<BillSpan> Missing(DateTimeOffset from, DateTimeOffset to)
    {
        var missing = new List<BillSpan>();
        var reached = from.UtcTicks;
        foreach (var (first, last) in known.Select(curve => curve.Range).OrderBy(range => range.First))
        {
            Add(first);
            reached = Math.Max(reached, last);
        }

        Add(long.MaxValue);
        return missing;

        void Add(long until)
        {
            until = Math.Min(until, to.UtcTicks);
            if (until > reached)
            {
                missing.Add(new BillSpan(new DateTimeOffset(reached, TimeSpan.Zero), new DateTimeOffset(until, TimeSpan.Zero)));
            }
        }
    }

    /// <summary>Energy of each run.</summary>
    public RunEnergy[] Measure(BandRuns runs)
    {
        var energies = new RunEnergy[runs.Count];
        if (known.Length == 0)
        {
            for (var run = 0; run < energies.Length; run++)
            {
                energies[run] = new RunEnergy { Doubts = EnergyDoubts.Missing, MissingTicks = runs.Edges[run + 1] - runs.Edges[run] };
            }

            return energies;
        }

        var hulls = new (long From, long To)[runs.Count];
        Array.Fill(hulls, (long.MaxValue, long.MinValue));
        foreach (var curve in known)
        {
            Add(curve, runs.Edges, energies, hulls);
        }

        for (var run = 0; run < energies.Length; run++)
        {
            var length = runs.Edges[run + 1] - runs.Edges[run];
            energies[run].MissingTicks = hulls[run].To > hulls[run].From ? length - (hulls[run].To - hulls[run].From) : length;
            if (energies[run].MissingTicks == length)
            {
                energies[run].Doubts = EnergyDoubts.Missing;
            }
        }

        return energies;
    }

    /// <param name="hulls">From the first to the last known instant of each run, over the curves so far.</param>
    private static void Add(RegisterCurve curve, IReadOnlyList<long> edges, RunEnergy[] energies, (long From, long To)[] hulls)
    {
        var (first, last) = curve.Range;
        var walk = curve.Walk();
        var start = default(CurvePoint);
        var isStartKnown = false;
        for (var run = 0; run < energies.Length; run++)
        {
            var (from, to) = (Math.Max(edges[run], first), Math.Min(edges[run + 1], last));
            if (to <= from)
            {
                isStartKnown = false;
                if (last <= edges[run])
                {
                    energies[run].Doubts |= EnergyDoubts.Silent;
                }

                continue;
            }

            start = isStartKnown ? start : walk.At(from);
            var end = walk.At(to);
            energies[run].Micro += Micro(end.Counted) - Micro(start.Counted);
            energies[run].Doubts |= DoubtsOf(start, end, edges[run + 1] - edges[run]);
            if (from != edges[run] || to != edges[run + 1])
            {
                energies[run].Doubts |= EnergyDoubts.Partial;
            }

            hulls[run] = (Math.Min(hulls[run].From, from), Math.Max(hulls[run].To, to));
            (start, isStartKnown) = (end, true);
        }
    }

    private static EnergyDoubts DoubtsOf(in CurvePoint start, in CurvePoint end, long length)
    {
        var tolerated = TimeSpan.FromTicks((long)Math.Min(length * KnownEdgeShare, LongestKnownGap.Ticks));
        var interpolated = start.Gap > tolerated || end.Gap > tolerated ? EnergyDoubts.Interpolated : EnergyDoubts.None;
        return interpolated | (end.ResetsMet > start.ResetsDone ? EnergyDoubts.Reset : EnergyDoubts.None);
    }

    private static long Micro(double counted) => (long)Math.Round(counted * 1e6);
}
