using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Portal.Api.Auth;
using Portal.Api.Measurements;
using Portal.Api.Requests;
using Portal.Contracts.Rates;
using Portal.Data.Rates;
using Portal.Domain.Energy;
using Portal.Domain.Tariffs;
using Portal.Domain.Texts;

namespace Portal.Api.Costs;

internal static class CostEndpoints
{
    /// <summary>Longest period of a bill: a leap year and a day.</summary>
    public static readonly TimeSpan MaxPeriod = TimeSpan.FromDays(367);

    public static void AddCosts(this IServiceCollection services)
    {
        services.AddSingleton<BillReader>();
        services.AddScoped<BilledSites>();
        services.AddSingleton<MonthCosts>();
    }

    public static void MapCosts(this IEndpointRouteBuilder app)
    {
        var costs = app.MapGroup("/api/costs").WithTags("Costs").RequireAuthorization(Policies.SignedIn);
        costs.MapGet("/", BillAsync);
        costs.MapGet("/line", LineAsync);
        costs.MapGet("/months", MonthsAsync);
        costs.MapGet("/what-if", WhatIfAsync);
        costs.MapGet("/csv", CsvAsync);
    }

    private static async Task<Results<Ok<BillAnswer>, NotFound, ValidationProblem>> BillAsync(
        string? siteId, string? from, string? to, BilledSites sites, BillReader reader, CancellationToken cancellationToken)
    {
        var (site, input, refusal) = await AskAsync(siteId, from, to, null, false, sites, reader, cancellationToken);
        return refusal is not null ? refusal : site is null ? TypedResults.NotFound() : TypedResults.Ok(BillItems.Answer(site, BillCalculator.Calculate(input!)));
    }

    private static async Task<Results<Ok<BillLineAnswer>, NotFound, ValidationProblem>> LineAsync(
        string? siteId, string? from, string? to, string? line, BilledSites sites, BillReader reader, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(line)) return Refusals.Invalid("line", "Is missing. Send the id of a line of the bill of this period.");
        var (site, input, refusal) = await AskAsync(siteId, from, to, null, true, sites, reader, cancellationToken);
        if (refusal is not null) return refusal;
        return site is not null && BillExplainer.Explain(input!, line) is { } explanation ? TypedResults.Ok(BillItems.Answer(explanation)) : TypedResults.NotFound();
    }

    private static async Task<Results<Ok<CostMonthsAnswer>, NotFound, ValidationProblem>> MonthsAsync(
        string? siteId, string? from, string? to, BilledSites sites, BillReader reader, CancellationToken cancellationToken)
    {
        var (site, input, refusal) = await AskAsync(siteId, from, to, null, false, sites, reader, cancellationToken);
        return refusal is not null ? refusal : site is null ? TypedResults.NotFound() : TypedResults.Ok(MonthBills.Of(site, input!));
    }

    private static async Task<Results<Ok<WhatIfAnswer>, NotFound, ValidationProblem>> WhatIfAsync(
        string? siteId, string? from, string? to, string? tariffId, BilledSites sites, SiteRatesQueries rates, BillReader reader, CancellationToken cancellationToken)
    {
        if (!Guid.TryParse(tariffId, out var id) || await rates.TariffAsync(id, cancellationToken) is not { } tariff) return Refusals.Invalid("tariffId", "There is no such tariff.");
        var (site, input, refusal) = await AskAsync(siteId, from, to, null, false, sites, reader, cancellationToken);
        if (refusal is not null) return refusal;
        if (site is null) return TypedResults.NotFound();
        // From the first of the month on: blocks count as they would have.
        var first = DateOnly.FromDateTime(IntervalGrid.Floor(input!.From, IntervalLength.Month, site.Zone).DateTime);
        var (_, other, otherRefusal) = await AskAsync(siteId, from, to, [new AppliedTariff(first, null, tariff)], false, sites, reader, cancellationToken);
        if (otherRefusal is not null) return otherRefusal;
        if (other is null) return TypedResults.NotFound();
        var (actualBill, otherBill) = (BillCalculator.Calculate(input), BillCalculator.Calculate(other));
        return TypedResults.Ok(new WhatIfAnswer(
            BillItems.Answer(site, actualBill), BillItems.Answer(site, otherBill),
            actualBill.Currency is not null && actualBill.Currency == otherBill.Currency ? otherBill.Total - actualBill.Total : null));
    }

    private static async Task<Results<ContentHttpResult, NotFound, ValidationProblem>> CsvAsync(
        string? siteId, string? from, string? to, BilledSites sites, BillReader reader, HttpContext http, CancellationToken cancellationToken)
    {
        var (site, input, refusal) = await AskAsync(siteId, from, to, null, false, sites, reader, cancellationToken);
        if (refusal is not null) return refusal;
        if (site is null) return TypedResults.NotFound();
        var bill = BillItems.Answer(site, BillCalculator.Calculate(input!));
        http.Response.Headers.ContentDisposition = FormattableString.Invariant($"attachment; filename=\"bill-{bill.From:yyyy-MM-dd}.csv\"");
        return TypedResults.Text(BillCsv.Write(bill), "text/csv", Encoding.UTF8);
    }

    private static async Task<(BilledSite? Site, BillInput? Input, ValidationProblem? Refusal)> AskAsync(
        string? siteId, string? from, string? to, IReadOnlyList<AppliedTariff>? tariffs, bool explained, BilledSites sites, BillReader reader,
        CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(siteId)) return (null, null, Refusals.Invalid("siteId", "Is missing. Send the id of a site."));
        if (await sites.OneAsync(siteId, cancellationToken) is not { } site) return (null, null, null);
        if (TimeRange.Read(from, to, site.Zone, out var range) is { } invalid) return (null, null, invalid);
        if (range.To - range.From > MaxPeriod) return (null, null, Refusals.Invalid("to", "A bill is for 367 days at most. Ask for a shorter period."));
        var input = BillReader.Input(site, range.From, range.To, tariffs);
        if (Needs(input, explained, out var needs) is { } change) return (null, null, change);
        if (BillReader.IsTooLong(site, needs)) return (null, null, Refusals.Invalid("to", $"The period is too long for {Counted.Of(site.Mains.Count, "meter")}. Ask for a shorter one."));
        return (site, await reader.FillAsync(site, input, needs, cancellationToken), null);
    }

    // What a bill of two currencies would need can't be said.
    private static ValidationProblem? Needs(BillInput input, bool explained, out BillNeeds needs)
    {
        try
        {
            needs = BillNeeds.Of(input, explained);
            return null;
        }
        catch (MixedCurrenciesException mixed)
        {
            needs = new BillNeeds(input.From, input.To, IntervalLength.QuarterHour, false, false);
            return Refusals.Invalid("to", FormattableString.Invariant($"{mixed.Message} Ask for a bill up to {mixed.At:yyyy-MM-dd'T'HH:mm:sszzz}, and for one from there on."));
        }
    }
}
