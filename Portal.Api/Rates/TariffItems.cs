using Portal.Contracts.Rates;
using Portal.Data.Rates;
using Portal.Domain.Tariffs;

namespace Portal.Api.Rates;

/// <summary>Tariffs as people read them.</summary>
internal static class TariffItems
{
    public static string Word(VersionState state) => state switch
    {
        VersionState.Approved => VersionStates.Approved,
        VersionState.Withdrawn => VersionStates.Withdrawn,
        _ => VersionStates.Draft,
    };

    /// <param name="record">Without need of its clock.</param>
    /// <param name="clock">Name of the clock.</param>
    public static TariffVersionItem Version(TariffVersionRecord record, string? clock) => new(
        record.Id.ToString(), record.From, record.To, Word(record.State), record.Currency, record.VatPercent, record.Source, clock,
        [.. RatesJson.Read<VersionContent>(record.Content).Components.Select(component => new TariffComponentItem(RatesJson.KindOf(component), component.Name, Prices(component)))],
        record.ApprovedAt, record.ApprovedBy, record.WithdrawnAt);

    public static ClockItem Clock(TariffClock clock) => new(clock.Name, [.. clock.Versions.Select(version => new ClockVersionItem(
        version.From, version.To, version.Bands, [.. version.Seasons.Select(season => new ClockSeasonItem(season.Name, season.Months, Days(version, season)))]))]);

    private static List<ClockDayItem> Days(ClockVersion version, ClockSeason season) =>
        [.. ClockCheck.Kinds.Where(kind => season.Days.ContainsKey(kind.Value)).Select(kind => new ClockDayItem(kind.Key, Windows(version, season.Days[kind.Value])))];

    // With the time between windows filled in.
    private static List<ClockWindowItem> Windows(ClockVersion version, IReadOnlyList<ClockWindow> windows)
    {
        var all = new List<ClockWindowItem>();
        var reached = 0;
        foreach (var window in windows.OrderBy(window => window.From))
        {
            if (window.From > reached) all.Add(new ClockWindowItem(reached, window.From, version.Otherwise ?? ""));
            all.Add(new ClockWindowItem(window.From, window.To, window.Band));
            reached = window.To;
        }

        if (reached < ClockWindow.DayMinutes) all.Add(new ClockWindowItem(reached, ClockWindow.DayMinutes, version.Otherwise ?? ""));
        return all;
    }

    private static List<TariffPriceItem> Prices(TariffComponent component) => component switch
    {
        EnergyCharge energy => [.. energy.Rates.Select(rate => new TariffPriceItem(rate.Season, rate.Band, null, null, rate.Price, BillUnits.Kwh))],
        ExportCredit credit => [.. credit.Rates.Select(rate => new TariffPriceItem(rate.Season, rate.Band, null, null, -rate.Price, BillUnits.Kwh))],
        BlockCharge blocks => Blocks(blocks),
        Levy levy => [Scoped(levy.Scope, levy.Price, BillUnits.Kwh)],
        Surcharge surcharge => [new TariffPriceItem(null, null, null, null, surcharge.Percent, "%")],
        DemandCharge demand => [Scoped(demand.Scope, demand.Price, Unit(demand.Unit))],
        CapacityCharge capacity => [new TariffPriceItem(null, null, null, null, capacity.Price, Unit(capacity.Unit))],
        FixedCharge charge => [new TariffPriceItem(null, null, null, null, charge.Price, Unit(charge.Per))],
        ReactiveCharge reactive => [Scoped(reactive.Scope, reactive.Price, BillUnits.Kvarh)],
        MinimumCharge minimum => [new TariffPriceItem(null, null, null, null, minimum.Price, BillUnits.Month)],
        _ => [],
    };

    private static List<TariffPriceItem> Blocks(BlockCharge charge)
    {
        var prices = new List<TariffPriceItem>();
        var from = 0m;
        foreach (var block in charge.Blocks)
        {
            prices.Add(new TariffPriceItem(null, null, from, block.UpTo, block.Price, BillUnits.Kwh));
            from = block.UpTo ?? from;
        }

        return prices;
    }

    private static TariffPriceItem Scoped(BandScope scope, decimal price, string unit) =>
        new(Join(scope.Seasons), Join(scope.Bands), null, null, price, unit);

    private static string? Join(IReadOnlyList<string>? names) => names is null ? null : string.Join(", ", names);

    private static string Unit(DemandUnit unit) => unit == DemandUnit.Kva ? BillUnits.Kva : BillUnits.Kw;

    private static string Unit(FixedBasis basis) => basis switch
    {
        FixedBasis.Day => BillUnits.Day,
        FixedBasis.Month => BillUnits.Month,
        FixedBasis.ConnectionPoint => BillUnits.ConnectionPoint,
        _ => BillUnits.Ampere,
    };
}
