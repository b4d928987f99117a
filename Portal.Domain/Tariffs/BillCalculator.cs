namespace Portal.Domain.Tariffs;

/// <summary>
/// Makes bills. Pure: the same input gives the same bill. Quantities are differences of registers at the edges of bands, parts and months;
/// where there is no reading at an edge the register is interpolated and the line says so (see docs/TARIFFS.md for every formula).
/// </summary>
public static class BillCalculator
{
    /// <exception cref="MixedCurrenciesException">Two versions of the period have different currencies.</exception>
    public static Bill Calculate(BillInput input)
    {
        var uncovered = new List<UncoveredSpan>();
        var notes = new SortedSet<BillNote>();
        var parts = BillParts.Of(input, uncovered);
        CheckCurrency(parts);
        var registers = new SiteRegisters(input.Meters);
        var history = new DemandHistory(registers, input.Zone);
        var lines = new List<BillLine>();
        foreach (var part in parts)
        {
            lines.AddRange(PartLedger.Of(part, input, registers, history, notes).Lines);
        }

        var vat = Vat(lines);
        var subtotal = lines.Sum(line => line.Amount ?? 0);
        return new Bill(
            input.From,
            input.To,
            parts.FirstOrDefault()?.Version.Currency,
            lines,
            subtotal,
            vat,
            Rounded(subtotal + vat.Sum(amount => amount.Amount)),
            registers.Import.Missing(input.From, input.To),
            uncovered,
            [.. notes]
        );
    }

    /// <summary>What a price costs with VAT, to the cent: half away from zero.</summary>
    public static decimal Rounded(decimal amount) => Math.Round(amount, 2, MidpointRounding.AwayFromZero);

    internal static void CheckCurrency(List<BillPart> parts)
    {
        for (var i = 1; i < parts.Count; i++)
        {
            if (parts[i].Version.Currency != parts[0].Version.Currency)
            {
                var at = TimeZoneInfo.ConvertTime(new DateTimeOffset(parts[i].From, TimeSpan.Zero), parts[i].Zone);
                throw new MixedCurrenciesException(at, parts[0].Version.Currency, parts[i].Version.Currency);
            }
        }
    }

    private static List<VatAmount> Vat(List<BillLine> lines) =>
        [
            .. lines
                .GroupBy(line => line.Version.VatPercent)
                .Select(group => (Percent: group.Key, Base: group.Sum(line => line.Amount ?? 0)))
                .Select(rate => new VatAmount(rate.Percent, rate.Base, rate.Base * rate.Percent / 100)),
        ];
}
