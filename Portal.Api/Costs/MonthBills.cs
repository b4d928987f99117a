using Portal.Contracts.Rates;
using Portal.Data.Rates;
using Portal.Domain.Energy;
using Portal.Domain.Tariffs;

namespace Portal.Api.Costs;

/// <summary>A period's bills month by month, made from registers that are read once.</summary>
internal static class MonthBills
{
    /// <summary>Calendar months that the longest period of a bill can touch.</summary>
    private const int MaxMonths = 14;

    /// <param name="input">Of the whole period, with its registers.</param>
    public static CostMonthsAnswer Of(BilledSite site, BillInput input)
    {
        var edges = IntervalGrid.Edges(input.From, input.To, IntervalLength.Month, site.Zone, MaxMonths)!;
        return new CostMonthsAnswer(site.Id.ToString(), site.Zone.Id, [.. edges.Zip(edges.Skip(1)).Select(month => Month(site, input, month.First, month.Second))]);
    }

    private static CostMonthItem Month(BilledSite site, BillInput input, DateTimeOffset start, DateTimeOffset end)
    {
        var (from, to) = (start < input.From ? input.From : start, end > input.To ? input.To : end);
        var bill = BillCalculator.Calculate(input with { From = from, To = to });
        List<CostBandItem> bands =
        [
            .. bill.Lines
                .Where(line => line.Band is not null && RatesJson.KindOf(line.Component) == "energy")
                .GroupBy(line => line.Band!)
                .Select(band => new CostBandItem(band.Key, band.Sum(line => line.Quantity ?? 0), band.Sum(line => line.Amount ?? 0))),
        ];
        return new CostMonthItem(
            DateOnly.FromDateTime(start.DateTime), TimeZoneInfo.ConvertTime(from, site.Zone), TimeZoneInfo.ConvertTime(to, site.Zone), bill.Currency,
            bands, bill.Subtotal - bands.Sum(band => band.Amount), bill.Total, bill.IsComplete, bill.IsEstimated);
    }
}
