using Portal.Domain.Tariffs;

namespace Portal.Data.Rates;

/// <summary>Rates as bills take them.</summary>
public static class RatesMapping
{
    /// <param name="record">With its versions.</param>
    public static TariffClock Clock(ClockRecord record) =>
        new(record.Name, [.. record.Versions.OrderBy(version => version.From).Select(ClockVersion)]);

    public static ClockVersion ClockVersion(ClockVersionRecord record)
    {
        var content = RatesJson.Read<ClockContent>(record.Content);
        return new ClockVersion(record.From, record.To, content.Bands, content.Otherwise, content.Seasons, content.Holidays);
    }

    /// <summary>The document of a version. The same content gives the same text, whatever order jsonb had its names in: texts are compared.</summary>
    public static string Content(ClockVersion version) =>
        RatesJson.Write(
            new ClockContent(
                version.Bands,
                version.Otherwise,
                [.. version.Seasons.Select(season => season with { Days = new SortedDictionary<DayKind, IReadOnlyList<ClockWindow>>(season.Days.ToDictionary()) })],
                version.Holidays is { } holidays ? holidays with { Rule = InOrder(holidays.Rule) } : null
            )
        );

    /// <param name="record">Without need of its clock.</param>
    /// <param name="clock">What its <see cref="TariffVersionRecord.ClockId"/> names; null where it has none.</param>
    public static TariffVersion Version(TariffVersionRecord record, TariffClock? clock)
    {
        var content = RatesJson.Read<VersionContent>(record.Content);
        return new TariffVersion(
            record.Id.ToString(), record.From, record.To, record.Currency, record.VatPercent, record.Source, clock, content.Holidays, content.Components
        );
    }

    /// <inheritdoc cref="Content(Domain.Tariffs.ClockVersion)"/>
    public static string Content(TariffVersion version) =>
        RatesJson.Write(new VersionContent(version.Holidays is { } rule ? InOrder(rule) : null, version.Components));

    private static HolidayRule InOrder(HolidayRule rule) =>
        rule with { Except = new SortedDictionary<string, DayKind>(rule.Except.ToDictionary(), StringComparer.Ordinal) };
}
