using System.Globalization;
using Portal.Data.Rates;
using Portal.Domain.Tariffs;

namespace Portal.Api.Rates.Files;

/// <summary>Writes a tariff as a tree of maps, lists and values, as <see cref="TariffFileReader"/> reads it.</summary>
internal static class TariffFileWriter
{
    public static Dictionary<string, object?> Tree(Tariff tariff)
    {
        var clocks = tariff.Versions.Select(version => version.Clock).OfType<TariffClock>().DistinctBy(clock => clock.Name).ToList();
        return Map(
            ("municipality", tariff.Municipality),
            ("name", tariff.Name),
            ("clocks", clocks.Count == 0 ? null : clocks.ConvertAll(Clock)),
            ("versions", List(tariff.Versions, Version)));
    }

    private static object Clock(TariffClock clock) => Map(("name", clock.Name), ("versions", List(clock.Versions, ClockVersion)));

    private static object ClockVersion(ClockVersion version)
    {
        var holidays = version.Holidays;
        return Map(
            ("from", Day(version.From)),
            ("to", Day(version.To)),
            ("bands", version.Bands),
            ("otherwise", version.Otherwise),
            ("holidays", holidays is null ? null : Map(
                ("calendar", holidays.Calendar),
                ("dates", holidays.Dates.Count == 0 ? null : List(holidays.Dates, listed => Map(("date", Day(listed.Date)), ("name", listed.Name)))),
                ("countsAs", Word(holidays.Rule.CountsAs)),
                ("except", Except(holidays.Rule)))),
            ("seasons", List(version.Seasons, Season)));
    }

    private static object Season(ClockSeason season) => Map([
        ("name", season.Name),
        ("months", season.Months),
        .. ClockCheck.Kinds.Select(kind => (kind.Key, season.Days.TryGetValue(kind.Value, out var windows) ? (object?)List(windows, Window) : null)),
    ]);

    private static object Window(ClockWindow window) => Map(("from", Time(window.From)), ("to", Time(window.To)), ("band", window.Band));

    private static object Version(TariffVersion version) => Map(
        ("from", Day(version.From)),
        ("to", Day(version.To)),
        ("currency", version.Currency),
        ("vatPercent", version.VatPercent),
        ("source", version.Source),
        ("clock", version.Clock?.Name),
        ("holidays", version.Holidays is null ? null : Map(("countsAs", Word(version.Holidays.CountsAs)), ("except", Except(version.Holidays)))),
        ("components", List(version.Components, component => Map([("kind", RatesJson.KindOf(component)), ("name", component.Name), .. Fields(component)]))));

    private static (string, object?)[] Fields(TariffComponent component) => component switch
    {
        EnergyCharge energy => [("rates", List(energy.Rates, Rate))],
        BlockCharge charge => [
            ("blocks", List(charge.Blocks, block => Map(("upTo", block.UpTo), ("price", block.Price)))),
            ("free", charge.Free == 0 ? null : charge.Free), ("normalised", charge.Normalised ? true : null), ("seasons", charge.Seasons)],
        Levy levy => [("price", levy.Price), .. Scope(levy.Scope)],
        Surcharge surcharge => [("percent", surcharge.Percent), ("of", surcharge.Of)],
        DemandCharge demand => [("unit", Word(demand.Unit)), ("price", demand.Price), ("minimum", demand.Minimum == 0 ? null : demand.Minimum), .. Scope(demand.Scope)],
        CapacityCharge capacity => [
            ("unit", Word(capacity.Unit)), ("price", capacity.Price), ("months", capacity.Months), ("ratchetPercent", capacity.RatchetPercent)],
        FixedCharge charge => [("per", Word(charge.Per)), ("price", charge.Price)],
        ReactiveCharge charge => [
            ("price", charge.Price), ("freePercent", charge.FreePercent), ("assessment", Word(charge.Assessment)), .. Scope(charge.Scope)],
        ExportCredit credit => [("rates", List(credit.Rates, Rate)), ("capped", credit.Capped)],
        MinimumCharge minimum => [("price", minimum.Price)],
        _ => throw new ArgumentException($"No file has components such as {component.GetType().Name}.", nameof(component)),
    };

    private static object Rate(EnergyRate rate) => Map(("season", rate.Season), ("band", rate.Band), ("price", rate.Price));

    private static (string, object?)[] Scope(BandScope scope) => [("seasons", scope.Seasons), ("bands", scope.Bands)];

    private static Dictionary<string, object?>? Except(HolidayRule rule) =>
        rule.Except.Count == 0 ? null : Map([.. rule.Except.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => (entry.Key, (object?)Word(entry.Value)))]);

    private static List<object> List<T>(IEnumerable<T> items, Func<T, object> item) => [.. items.Select(item)];

    private static Dictionary<string, object?> Map(params (string Name, object? Value)[] fields) =>
        fields.Where(field => field.Value is not null).ToDictionary(field => field.Name, field => field.Value, StringComparer.Ordinal);

    private static string Word<T>(T value) where T : struct, Enum => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    private static string? Day(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Time(int minute) => string.Create(CultureInfo.InvariantCulture, $"{minute / 60:00}:{minute % 60:00}");
}
