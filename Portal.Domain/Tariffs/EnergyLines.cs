namespace Portal.Domain.Tariffs;

/// <summary>Lines for energy: <c>E_band = Σ over the band's runs of ΔEp_imp</c>, register differences.</summary>
internal static class EnergyLines
{
    public static List<LineDraft> Of(PartLedger ledger, EnergyCharge charge) =>
        [.. ByBand(ledger, charge.Rates, ledger.Meter.Import).Select(entry => LineDraft.Energy(BillUnits.Kwh, entry.Total, entry.Price) with { Band = entry.Band })];

    public static List<LineDraft> Of(PartLedger ledger, Levy levy) =>
        levy.Scope.HasSeason(ledger.Part.Season)
            ? [LineDraft.Energy(BillUnits.Kwh, ledger.Meter.Sum(ledger.Meter.Import, levy.Scope), levy.Price)]
            : [];

    public static List<LineDraft> Of(PartLedger ledger, ReactiveCharge charge)
    {
        if (!charge.Scope.HasSeason(ledger.Part.Season))
        {
            return [];
        }

        var reactive = ledger.Meter.Sum(ledger.Meter.Reactive, charge.Scope);
        var line = LineDraft.Energy(BillUnits.Kvarh, reactive, charge.Price);
        if (charge.FreePercent == 0 || line.Quantity is null)
        {
            return [line];
        }

        var active = ledger.Meter.Sum(ledger.Meter.Import, charge.Scope);
        var excess = charge.Assessment == ReactiveAssessment.Month
            ? Excess(reactive.Micro, active.Micro, charge.FreePercent)
            : ReactivePieces.Of(ledger, charge).Sum(piece => piece.Excess);
        return
        [
            line with
            {
                Quantity = active.IsKnown ? excess : null,
                IsEstimated = reactive.IsEstimated || active.IsEstimated,
                EstimatedQuantity = reactive.IsEstimated || active.IsEstimated ? Math.Min(excess, Math.Max(line.EstimatedQuantity, RunEnergy.Units(active.EstimatedMicro))) : 0,
                Missing = TimeSpan.FromTicks(Math.Max(reactive.MissingTicks, active.MissingTicks)),
            },
        ];
    }

    public static List<LineDraft> Of(PartLedger ledger, ExportCredit credit)
    {
        if (!credit.Capped)
        {
            return [.. ByBand(ledger, credit.Rates, ledger.Meter.Export).Select(entry => Credit(entry.Total, entry))];
        }

        var (export, import) = (ledger.Meter.Export, ledger.Meter.Import);
        var capped = new BandTotal[export.Length];
        for (var band = 0; band < capped.Length; band++)
        {
            // What is estimated or missing of either matters, and the smaller one is paid.
            capped[band] = BandTotal.Smaller(export[band], import[band]);
        }

        return [.. ByBand(ledger, credit.Rates, capped).Select(entry => Credit(entry.Total, entry))];

        static LineDraft Credit(in BandTotal total, in PricedBand entry) =>
            LineDraft.Energy(BillUnits.Kwh, total, -entry.Price) with { Band = entry.Band };
    }

    /// <summary>kvarh beyond what is free; never negative.</summary>
    public static decimal Excess(long reactive, long active, decimal freePercent) =>
        Math.Max(0, RunEnergy.Units(reactive) - RunEnergy.Units(active) * freePercent / 100);

    /// <summary>The season's prices with the energy that each is for. Bands that the part has no time of are left out.</summary>
    private static List<PricedBand> ByBand(PartLedger ledger, IReadOnlyList<EnergyRate> rates, BandTotal[] totals)
    {
        var priced = new List<PricedBand>();
        foreach (var rate in rates.Where(rate => rate.Season is null || rate.Season == ledger.Part.Season))
        {
            var scope = rate.Band is null ? BandScope.All : new BandScope(null, [rate.Band]);
            var total = ledger.Meter.Sum(totals, scope);
            if (total.Ticks > 0)
            {
                priced.Add(new PricedBand(rate.Band, total, rate.Price));
            }
        }

        return priced;
    }

    private readonly record struct PricedBand(string? Band, BandTotal Total, decimal Price);
}
