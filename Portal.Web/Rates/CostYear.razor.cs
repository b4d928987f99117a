using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Contracts.Rates;
using Portal.Web.Api;
using Portal.Web.States;

namespace Portal.Web.Rates;

/// <summary>What a site's energy cost in each of twelve months, by band. It loads by itself, so that the month's bill doesn't wait for it.</summary>
public sealed partial class CostYear(PortalApi api, IStringLocalizer<RatesText> text) : DataComponent<CostMonthsAnswer>
{
    [Parameter, EditorRequired]
    public required string SiteId { get; set; }

    /// <summary>The last of the twelve.</summary>
    [Parameter, EditorRequired]
    public required BillMonth Month { get; set; }

    [Parameter, EditorRequired]
    public required TimeZoneInfo Zone { get; set; }

    protected override object Question => (SiteId, Month.Name);

    private IStringLocalizer<RatesText> Text => text;

    protected override Task<CostMonthsAnswer> LoadAsync(CancellationToken cancellationToken) => api.CostMonthsAsync(Month.YearQuery(SiteId, Scope.Clock.GetUtcNow(), Zone), cancellationToken);

    private static List<string> BandsOf(CostMonthsAnswer answer) => [.. answer.Months.SelectMany(month => month.Bands).Select(band => band.Band).Distinct()];

    private static string? Currency(CostMonthsAnswer answer) => answer.Months.Select(month => month.Currency).FirstOrDefault(currency => currency is not null);

    private static decimal? Of(CostMonthItem month, string band) => month.Bands.FirstOrDefault(one => one.Band == band)?.Amount;

    // Credits are below 0 and have no height; the table has them.
    private static decimal Charged(CostMonthItem month) => month.Bands.Sum(band => Math.Max(0, band.Amount)) + Math.Max(0, month.Other);

    private static decimal Most(CostMonthsAnswer answer) => Math.Max(0.01m, answer.Months.Max(Charged));

    private static string Height(decimal amount, CostMonthsAnswer answer) => string.Create(CultureInfo.InvariantCulture, $"height:{amount / Most(answer) * 100:0.##}%");

    private bool IsPart(CostMonthItem month) => month.Currency is not null && (!month.Complete || IsSoFar(month));

    private bool IsSoFar(CostMonthItem month) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(month.To, Zone).DateTime) < month.Month.AddMonths(1);

    private string Note(CostMonthItem month) =>
        text[month.Currency is null ? "NoPrice" : !month.Complete ? "NotComplete" : IsSoFar(month) ? "SoFar" : month.Estimated ? "PartlyEstimated" : "Complete"];

    private static string Title(CostMonthItem month) => BillMonth.Of(month.Month).Title;

    // Begins as the bar's own word does, by which people call it who speak to their computer.
    private string Said(CostMonthItem month)
    {
        var name = month.Month.ToString("MMM yyyy", CultureInfo.InvariantCulture);
        if (month.Currency is null) return $"{name}: {Note(month)}";
        var parts = month.Bands.Select(band => $"{band.Band} {Money.Amount(band.Amount)}").Append($"{text["OtherCharges"]} {Money.Amount(month.Other)}");
        return $"{name}: {Money.Total(month.Total, month.Currency)} {text["WithVat"]} ({string.Join(", ", parts)}), {Note(month)}";
    }

    private string Address(CostMonthItem month) => $"/costs?site={SiteId}&month={BillMonth.Of(month.Month).Name}";
}
