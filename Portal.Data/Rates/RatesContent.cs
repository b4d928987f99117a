using Portal.Domain.Tariffs;

namespace Portal.Data.Rates;

/// <summary>What of a tariff's version is kept as one document.</summary>
/// <param name="Holidays">Null: what the clock says.</param>
/// <param name="Components">In the order of the bill.</param>
public sealed record VersionContent(HolidayRule? Holidays, IReadOnlyList<TariffComponent> Components);

/// <summary>What of a clock's version is kept as one document.</summary>
/// <param name="Otherwise">Band of all time that no window names; null: the windows name all of it.</param>
/// <param name="Holidays">Null: holidays are days like any other.</param>
public sealed record ClockContent(IReadOnlyList<string> Bands, string? Otherwise, IReadOnlyList<ClockSeason> Seasons, ClockHolidays? Holidays);
