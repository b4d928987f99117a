namespace Portal.Domain.Tariffs;

/// <summary>The intervals that lines were made from.</summary>
internal static class LineIntervals
{
    /// <param name="bands">Bit n for band n.</param>
    public static List<ExplainedInterval> Energy(PartLedger ledger, SiteRegister register, int bands)
    {
        var grid = ledger.Meter.Grid;
        var energies = register.Measure(grid);
        var intervals = new List<ExplainedInterval>();
        for (var run = 0; run < grid.Count; run++)
        {
            if ((bands & 1 << grid.Band(run)) != 0)
            {
                intervals.Add(Interval(ledger, run, energies[run].IsKnown ? RunEnergy.Units(energies[run].Micro) : null, energies[run].Doubts));
            }
        }

        return intervals;
    }

    /// <summary>The half-hours whose energy lies in a block, at least in part.</summary>
    public static List<ExplainedInterval> Block(PartLedger ledger, BlockRange block)
    {
        var grid = ledger.Meter.Grid;
        var energies = ledger.Meter.Registers.Import.Measure(grid);
        var intervals = new List<ExplainedInterval>();
        BlockLines.Before(ledger, out var reached);
        for (var run = 0; run < grid.Count; run++)
        {
            var before = reached;
            reached += RunEnergy.Units(energies[run].Micro);
            if (BlockLines.Portion(block, before, reached) is var portion and > 0)
            {
                intervals.Add(Interval(ledger, run, portion, energies[run].Doubts));
            }
        }

        return intervals;
    }

    /// <summary>kvarh beyond what is free; where the month is assessed as a whole, all kvarh of the half-hours.</summary>
    public static List<ExplainedInterval> Reactive(PartLedger ledger, ReactiveCharge charge) =>
        charge.FreePercent > 0 && charge.Assessment == ReactiveAssessment.HalfHour
            ? [.. ReactivePieces.Of(ledger, charge).Select(piece => Interval(ledger, piece.Run, piece.IsKnown ? piece.Excess : null, piece.Doubts))]
            : Energy(ledger, ledger.Meter.Registers.ReactiveImport, DemandLines.Bands(ledger.Part, charge.Scope));

    public static List<ExplainedInterval> Demand(PartLedger ledger, DemandCharge charge)
    {
        var bands = DemandLines.Bands(ledger.Part, charge.Scope);
        var peak = DemandPeak.Of(ledger.Meter.HalfHours, charge.Unit, bands);
        return
        [
            .. ledger.Meter.HalfHours
                .Where(halfHour => (halfHour.Bands & bands) != 0)
                .Select(halfHour => Interval(ledger, halfHour.Start, halfHour.Start + HalfHour.Length, Value(halfHour, charge.Unit), halfHour.DoubtsOf(charge.Unit)) with
                {
                    Decides = peak.Demand is not null && halfHour.Start == peak.At,
                }),
        ];
    }

    /// <summary>The peak of each month that counts, with the share of it that does.</summary>
    public static List<ExplainedInterval> Capacity(PartLedger ledger, CapacityCharge charge)
    {
        var months = CapacityMonth.Of(ledger, charge).Where(month => month.Peak.At > 0).ToList();
        var highest = months.Count == 0 ? 0 : months.Max(month => month.Counted);
        return
        [
            .. months.Select(month => Interval(ledger, month.Peak.At, month.Peak.At + HalfHour.Length, month.Counted, month.Peak.Doubts) with
            {
                Decides = month.Counted == highest,
            }),
        ];
    }

    public static List<ExplainedInterval> Days(PartLedger ledger, BillLine line)
    {
        var (from, to) = (line.From.UtcTicks, line.To.UtcTicks);
        return
        [
            .. ledger.Part.Days
                .Where(day => day.Share(from, to) > 0)
                .Select(day => Interval(ledger, Math.Max(day.Start, from), Math.Min(day.End, to), day.Share(from, to), EnergyDoubts.None)),
        ];
    }

    private static decimal? Value(HalfHour halfHour, DemandUnit unit) => halfHour.IsKnown ? DemandPeak.Rounded(halfHour.In(unit)) : null;

    private static ExplainedInterval Interval(PartLedger ledger, int run, decimal? value, EnergyDoubts doubts) =>
        Interval(ledger, ledger.Meter.Grid.Edges[run], ledger.Meter.Grid.Edges[run + 1], value, doubts);

    private static ExplainedInterval Interval(PartLedger ledger, long from, long to, decimal? value, EnergyDoubts doubts) =>
        new(ledger.Part.Local(from), ledger.Part.Local(to), value, doubts);
}
