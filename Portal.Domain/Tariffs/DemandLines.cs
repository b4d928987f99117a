namespace Portal.Domain.Tariffs;

/// <summary>Lines for demand: <c>D = max over half-hours of √(P² + Q²)</c>.</summary>
internal static class DemandLines
{
    public static List<LineDraft> Of(PartLedger ledger, DemandCharge charge)
    {
        if (!charge.Scope.HasSeason(ledger.Part.Season))
        {
            return [];
        }

        var peak = DemandPeak.Of(ledger.Meter.HalfHours, charge.Unit, Bands(ledger.Part, charge.Scope));
        NoteReactive(ledger, charge.Unit);
        return
        [
            new LineDraft(Unit(charge.Unit), peak.Demand is { } demand ? Math.Max(demand, charge.Minimum) : null, charge.Price)
            {
                Share = ledger.Part.MonthShare,
                IsEstimated = !peak.AreAllMeasured,
                EstimatedQuantity = peak.IsPeakMeasured ? 0 : peak.Demand ?? 0,
                Missing = peak.Missing,
            },
        ];
    }

    public static List<LineDraft> Of(PartLedger ledger, CapacityCharge charge)
    {
        var months = CapacityMonth.Of(ledger, charge);
        var known = months.Where(month => month.Peak.Demand is not null).ToList();
        var demand = known.Count == 0 ? (decimal?)null : known.Max(month => month.Counted);
        NoteReactive(ledger, charge.Unit);
        if (known.Count < months.Count)
        {
            ledger.Note(BillNote.DemandHistoryShort);
        }

        var lines = new List<LineDraft>();
        foreach (var span in FactSpan.Of(ledger.Part, ledger.Input))
        {
            var notified = charge.Unit == DemandUnit.Kva ? span.Facts.NotifiedDemandKva : null;
            if (notified is null && charge.Unit == DemandUnit.Kva)
            {
                ledger.Note(BillNote.NotifiedDemandUnknown);
            }

            var quantity = demand is null ? notified : Math.Max(demand.Value, notified ?? 0);
            var peak = known.FirstOrDefault(month => month.Counted == demand).Peak;
            var byDemand = quantity == demand;
            lines.Add(new LineDraft(Unit(charge.Unit), quantity, charge.Price)
            {
                Share = span.MonthShare,
                Span = (span.From, span.To),
                // What was not measured can't have mattered where the notified demand is charged all the same, but it might.
                IsEstimated = months.Exists(month => !month.Peak.AreAllMeasured),
                EstimatedQuantity = byDemand && !peak.IsPeakMeasured ? quantity ?? 0 : 0,
                Missing = months[^1].Peak.Missing,
            });
        }

        return lines;
    }

    /// <summary>The bands of a scope, bit n for band n.</summary>
    public static int Bands(BillPart part, BandScope scope) =>
        Enumerable.Range(0, part.Table.Bands).Where(band => scope.HasBand(part.Table.Band(band))).Aggregate(0, (bands, band) => bands | 1 << band);

    private static string Unit(DemandUnit unit) => unit == DemandUnit.Kva ? BillUnits.Kva : BillUnits.Kw;

    private static void NoteReactive(PartLedger ledger, DemandUnit unit)
    {
        var registers = ledger.Meter.Registers;
        if (unit == DemandUnit.Kva && registers.Import.IsKnown && !registers.ReactiveImport.IsKnown && !registers.ReactiveExport.IsKnown)
        {
            ledger.Note(BillNote.ReactiveUnknown);
        }
    }
}

/// <summary>A month that a capacity charge looks back on.</summary>
/// <param name="Month">Its first day.</param>
/// <param name="Counted">The demand that counts: of earlier months only the ratchet's share.</param>
internal readonly record struct CapacityMonth(DateOnly Month, DemandPeak Peak, decimal Counted)
{
    /// <summary>The months, oldest first; the last is that of the part, up to the part's end.</summary>
    public static List<CapacityMonth> Of(PartLedger ledger, CapacityCharge charge)
    {
        var months = new List<CapacityMonth>();
        for (var back = charge.Months - 1; back >= 0; back--)
        {
            var month = ledger.Part.Month.AddMonths(-back);
            var peak = DemandPeak.Of(ledger.History.Of(month, back == 0 ? ledger.Part.To : long.MaxValue), charge.Unit, DemandPeak.AllBands);
            months.Add(new CapacityMonth(month, peak, (peak.Demand ?? 0) * (back == 0 ? 1 : charge.RatchetPercent / 100)));
        }

        return months;
    }
}
