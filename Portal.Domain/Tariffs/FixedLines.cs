namespace Portal.Domain.Tariffs;

/// <summary>Lines that follow the calendar, the site's facts or other lines.</summary>
internal static class FixedLines
{
    public static List<LineDraft> Of(PartLedger ledger, FixedCharge charge) =>
        charge.Per switch
        {
            FixedBasis.Day => [new LineDraft(BillUnits.Day, ledger.Part.DayCount, charge.Price)],
            FixedBasis.Month => [new LineDraft(BillUnits.Month, 1, charge.Price) { Share = ledger.Part.MonthShare }],
            _ => [.. FactSpan.Of(ledger.Part, ledger.Input).Select(span => ByFacts(ledger, charge, span))],
        };

    public static List<LineDraft> Of(PartLedger ledger, Surcharge surcharge)
    {
        var (amount, estimated) = ledger.Sum(component => IsBase(surcharge, component));
        return [new LineDraft(ledger.Part.Version.Currency, amount, surcharge.Percent / 100) { IsEstimated = estimated }];
    }

    public static List<LineDraft> Of(PartLedger ledger, MinimumCharge minimum)
    {
        var (amount, estimated) = ledger.Sum(_ => true);
        var shortfall = ledger.Part.MonthShare.Times(minimum.Price) - amount;
        return shortfall > 0 ? [new LineDraft(ledger.Part.Version.Currency, shortfall, 1) { IsEstimated = estimated }] : [];
    }

    /// <summary>True where a percentage is taken of a component.</summary>
    public static bool IsBase(Surcharge surcharge, TariffComponent component) =>
        surcharge.Of is null ? component is not (Surcharge or ExportCredit or MinimumCharge) : surcharge.Of.Contains(component.Name);

    private static LineDraft ByFacts(PartLedger ledger, FixedCharge charge, FactSpan span)
    {
        var points = charge.Per == FixedBasis.ConnectionPoint;
        if (!points && span.Facts.Amperes is null)
        {
            ledger.Note(BillNote.AmperesUnknown);
        }

        return new LineDraft(
            points ? BillUnits.ConnectionPoint : BillUnits.Ampere,
            points ? span.Facts.ConnectionPoints : span.Facts.Amperes,
            charge.Price
        )
        {
            Share = span.MonthShare,
            Span = (span.From, span.To),
        };
    }
}

/// <summary>A stretch of a part in which the site's facts stay the same.</summary>
/// <param name="From">UTC ticks.</param>
/// <param name="To">UTC ticks.</param>
/// <param name="DayCount">Whole and parts of days.</param>
internal readonly record struct FactSpan(SiteFacts Facts, long From, long To, decimal DayCount, int DaysInMonth)
{
    /// <summary>Share of its calendar month.</summary>
    public MonthShare MonthShare => new(DayCount, DaysInMonth);

    public static IEnumerable<FactSpan> Of(BillPart part, BillInput input)
    {
        var span = default(FactSpan?);
        foreach (var day in part.Days)
        {
            var facts = input.FactsOn(day.Date);
            var share = day.Share(part.From, part.To);
            var (from, to) = (Math.Max(day.Start, part.From), Math.Min(day.End, part.To));
            if (span is { } open && ReferenceEquals(open.Facts, facts))
            {
                span = open with { To = to, DayCount = open.DayCount + share };
                continue;
            }

            if (span is { } closed)
            {
                yield return closed;
            }

            span = new FactSpan(facts, from, to, share, DateTime.DaysInMonth(day.Date.Year, day.Date.Month));
        }

        if (span is { } last)
        {
            yield return last;
        }
    }
}
