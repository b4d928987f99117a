using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Contracts.Rates;
using Portal.Web.Api;
using Portal.Web.States;

namespace Portal.Web.Rates;

/// <summary>Why a line of a bill is what it is: rule, source, and the intervals it was made from, day by day.</summary>
public sealed partial class LineWhy(PortalApi api, IStringLocalizer<RatesText> text) : DataComponent<BillLineAnswer>
{
    private DateOnly? opened;

    /// <summary>The bill's query.</summary>
    [Parameter, EditorRequired]
    public required string Query { get; set; }

    /// <summary>Id of the line.</summary>
    [Parameter, EditorRequired]
    public required string Line { get; set; }

    [Parameter, EditorRequired]
    public required TimeZoneInfo Zone { get; set; }

    [Parameter]
    public string? Currency { get; set; }

    protected override object Question => (Query, Line);

    private IStringLocalizer<RatesText> Text => text;

    protected override Task<BillLineAnswer> LoadAsync(CancellationToken cancellationToken) => api.BillLineAsync(Query, Line, cancellationToken);

    private IEnumerable<IGrouping<DateOnly, BillIntervalItem>> Days(BillLineAnswer answer) =>
        answer.Intervals.GroupBy(interval => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(interval.From, Zone).DateTime));

    // Demand is the largest of a day, all else adds up.
    private static string Sum(BillLineAnswer answer, IEnumerable<BillIntervalItem> day)
    {
        var known = day.Select(interval => interval.Value).OfType<decimal>().ToList();
        decimal? value = known.Count == 0 ? null : answer.Line.Kind is "demand" or "capacity" ? known.Max() : known.Sum();
        return $"{Money.Quantity(value)} {answer.Line.Unit}";
    }

    private string Times(BillIntervalItem interval) =>
        $"{TimeZoneInfo.ConvertTime(interval.From, Zone).ToString("HH:mm", CultureInfo.InvariantCulture)}–{TimeZoneInfo.ConvertTime(interval.To, Zone).ToString("HH:mm", CultureInfo.InvariantCulture)}";
}
