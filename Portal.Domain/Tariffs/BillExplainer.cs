namespace Portal.Domain.Tariffs;

/// <summary>
/// Explains one line of a bill by making its part of the bill again: nothing is kept with the bills, so a year of them takes no more memory than
/// its lines.
/// </summary>
public static class BillExplainer
{
    /// <param name="input">As for the bill; the period must be the same.</param>
    /// <param name="lineId"><see cref="BillLine.Id"/>.</param>
    /// <returns>Null where the bill has no such line.</returns>
    /// <exception cref="MixedCurrenciesException">As for the bill.</exception>
    public static LineExplanation? Explain(BillInput input, string lineId)
    {
        var parts = BillParts.Of(input, []);
        BillCalculator.CheckCurrency(parts);
        var registers = new SiteRegisters(input.Meters);
        var history = new DemandHistory(registers, input.Zone);
        foreach (var part in parts.Where(part => lineId.StartsWith(part.LinePrefix, StringComparison.Ordinal)))
        {
            var ledger = PartLedger.Of(part, input, registers, history, new HashSet<BillNote>());
            if (ledger.Lines.FirstOrDefault(line => line.Id == lineId) is { } found)
            {
                return Explain(ledger, found);
            }
        }

        return null;
    }

    private static LineExplanation Explain(PartLedger ledger, BillLine line)
    {
        List<ExplainedInterval> intervals = line.Component switch
        {
            EnergyCharge => LineIntervals.Energy(ledger, ledger.Meter.Registers.Import, Bands(ledger, line)),
            Levy levy => LineIntervals.Energy(ledger, ledger.Meter.Registers.Import, DemandLines.Bands(ledger.Part, levy.Scope)),
            BlockCharge => LineIntervals.Block(ledger, line.Block!.Value),
            ReactiveCharge reactive => LineIntervals.Reactive(ledger, reactive),
            ExportCredit => LineIntervals.Energy(ledger, ledger.Meter.Registers.Export, Bands(ledger, line)),
            DemandCharge demand => LineIntervals.Demand(ledger, demand),
            CapacityCharge capacity => LineIntervals.Capacity(ledger, capacity),
            FixedCharge => LineIntervals.Days(ledger, line),
            _ => [],
        };
        List<BillLine> lines = line.Component switch
        {
            Surcharge surcharge => [.. ledger.Lines.Where(other => FixedLines.IsBase(surcharge, other.Component))],
            MinimumCharge => [.. ledger.Lines.Where(other => other.Component != line.Component)],
            _ => [],
        };
        return new LineExplanation(line, ledger.Part.Clock, LineRules.Of(line), intervals, lines);
    }

    private static int Bands(PartLedger ledger, BillLine line) =>
        DemandLines.Bands(ledger.Part, line.Band is null ? BandScope.All : new BandScope(null, [line.Band]));
}
