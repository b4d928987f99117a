using System.Text.Json;
using Portal.Contracts.Rates;
using Portal.Data.Rates;
using Portal.Domain.Tariffs;

namespace Portal.Api.Costs;

/// <summary>Bills as they go over the wire.</summary>
internal static class BillItems
{
    private const int MaxSpans = 100;

    public static BillAnswer Answer(BilledSite site, Bill bill) => new(
        site.Id.ToString(), site.Zone.Id, Local(site, bill.From), Local(site, bill.To), bill.Currency, [.. bill.Lines.Select(Line)], bill.Subtotal,
        [.. bill.Vat.Select(vat => new BillVatItem(vat.Percent, vat.Base, vat.Amount))], bill.Total, bill.IsComplete, bill.IsEstimated,
        [.. bill.Missing.Take(MaxSpans).Select(span => new BillSpanItem(Local(site, span.From), Local(site, span.To)))],
        [.. bill.Uncovered.Take(MaxSpans).Select(span => new BillUncoveredItem(Local(site, span.From), Local(site, span.To), Word(span.Reason)))],
        [.. bill.Notes.Select(Word)]);

    public static BillLineAnswer Answer(LineExplanation explanation) => new(
        Line(explanation.Line), explanation.Rule, explanation.Line.Version.Source, explanation.Line.Version.Clock?.Name, explanation.Clock?.From,
        [.. explanation.Intervals.Select(interval => new BillIntervalItem(interval.From, interval.To, interval.Value, Doubts(interval.Doubts), interval.Decides))],
        [.. explanation.Lines.Select(Line)]);

    private static BillLineItem Line(BillLine line) => new(
        line.Id, $"{line.Tariff.Municipality} {line.Tariff.Name}", line.Version.Id, line.Version.From, RatesJson.KindOf(line.Component), line.Component.Name,
        line.From, line.To, line.Season, line.Band, line.Block?.From, line.Block?.To, line.Quantity, line.Unit, line.Price, line.Share, line.Amount,
        line.IsEstimated, line.EstimatedQuantity, (long)line.Missing.TotalSeconds);

    private static List<string> Doubts(EnergyDoubts doubts) =>
        [.. Enum.GetValues<EnergyDoubts>().Where(doubt => doubt != EnergyDoubts.None && doubts.HasFlag(doubt)).Select(Word)];

    private static string Word<T>(T value) where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());

    private static DateTimeOffset Local(BilledSite site, DateTimeOffset instant) => TimeZoneInfo.ConvertTime(instant, site.Zone);
}
