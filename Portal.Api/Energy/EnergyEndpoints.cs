using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Portal.Api.Auth;
using Portal.Api.Charts;
using Portal.Api.Measurements;
using Portal.Api.Requests;
using Portal.Contracts.Energy;
using Portal.Data.Queries;
using Portal.Domain.Energy;
using Portal.Domain.Texts;

namespace Portal.Api.Energy;

internal static class EnergyEndpoints
{
    /// <summary>Most intervals of an answer: the hours of a leap year and a day fit.</summary>
    public const int MaxIntervals = 9_000;

    /// <summary>
    /// Most roll-ups that are read for an answer, over all meters: some 100 bytes each, 100 MB. A site with ten mains may ask
    /// for eleven years by the month.
    /// </summary>
    public const long MaxRollUps = 1_000_000;

    public static void MapEnergy(this IEndpointRouteBuilder app)
    {
        app.MapGet("/api/energy", ReadAsync).WithTags("Energy").RequireAuthorization(Policies.SignedIn);
        app.MapGet("/api/energy/csv", CsvAsync).WithTags("Energy").RequireAuthorization(Policies.SignedIn);
        app.MapGet("/api/charts/energy", ChartAsync).WithTags("Charts").RequireAuthorization(Policies.SignedIn).ProducesChart();
    }

    private static async Task<Results<Ok<EnergyAnswer>, NotFound, ValidationProblem>> ReadAsync(
        string? siteId, string? deviceId, string? from, string? to, string? interval, EnergySources sources, EnergyQueries queries,
        CancellationToken cancellationToken)
    {
        var (length, source, rows, refusal) = await AskAsync(siteId, deviceId, from, to, interval, sources, queries, cancellationToken);
        if (refusal is not null) return refusal;
        return source is null ? TypedResults.NotFound() : TypedResults.Ok(new EnergyAnswer(Intervals.Name(length), source.Zone.Id, [.. rows.Select(Item)]));
    }

    // The same, for a spreadsheet.
    private static async Task<Results<FileContentHttpResult, NotFound, ValidationProblem>> CsvAsync(
        string? siteId, string? deviceId, string? from, string? to, string? interval, EnergySources sources, EnergyQueries queries,
        CancellationToken cancellationToken)
    {
        var (length, source, rows, refusal) = await AskAsync(siteId, deviceId, from, to, interval, sources, queries, cancellationToken);
        if (refusal is not null) return refusal;
        if (source is null) return TypedResults.NotFound();
        var text = EnergyCsv.Write(rows.Select(Item));
        return TypedResults.File(
            Encoding.UTF8.GetBytes(text), "text/csv; charset=utf-8", FormattableString.Invariant($"energy-{Intervals.Name(length)}-{rows[0].Start:yyyy-MM-dd}.csv"));
    }

    // The same, in the form that charts take.
    private static async Task<Results<FileContentHttpResult, NotFound, ValidationProblem>> ChartAsync(
        string? siteId, string? deviceId, string? from, string? to, string? interval, EnergySources sources, EnergyQueries queries, HttpContext http,
        TimeProvider clock, CancellationToken cancellationToken)
    {
        var (length, source, rows, refusal) = await AskAsync(siteId, deviceId, from, to, interval, sources, queries, cancellationToken);
        if (refusal is not null) return refusal;
        if (source is null) return TypedResults.NotFound();
        var body = new ChartBody(Intervals.Name(length), 0, source.Zone.Id, [.. rows.Select(row => row.Start.ToUnixTimeMilliseconds() / 1000.0)])
            .Add("importKwh", "kWh", "energy", rows.Select(row => EnergyFigures.Rounded(row.ImportKwh) ?? double.NaN))
            .Add("exportKwh", "kWh", "energy", rows.Select(row => EnergyFigures.Rounded(row.ExportKwh) ?? double.NaN))
            .Add("estimated", "", "flag", rows.Select(row => row.Estimated ? 1.0 : 0));
        return body.Answer(http, rows[^1].Start > clock.GetUtcNow().AddDays(-1));
    }

    private static async Task<(IntervalLength Length, EnergySource? Source, List<EnergyRow> Rows, ValidationProblem? Refusal)> AskAsync(
        string? siteId, string? deviceId, string? from, string? to, string? interval, EnergySources sources, EnergyQueries queries,
        CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(siteId) == string.IsNullOrEmpty(deviceId))
            return Refuse(Refusals.Invalid(string.IsNullOrEmpty(siteId) ? "siteId" : "deviceId", "Send exactly one of siteId and deviceId."));
        if (!Intervals.TryParse(interval, IntervalLength.QuarterHour, out var length))
            return Refuse(Refusals.Invalid("interval", Intervals.Expected(IntervalLength.QuarterHour)));
        var source = string.IsNullOrEmpty(siteId)
            ? await sources.OfDeviceAsync(deviceId!, cancellationToken)
            : await sources.OfSiteAsync(siteId, cancellationToken);
        if (source is null) return (length, null, [], null);
        if (TimeRange.Read(from, to, source.Zone, out var range) is { } invalidRange) return Refuse(invalidRange);
        if (range.Align(length, source.Zone, MaxIntervals, out var edges) is { } tooMany) return Refuse(tooMany);
        var rollUpsPerHour = edges.All(edge => edge.UtcTicks % TimeSpan.TicksPerHour == 0) ? 1 : 4;
        if ((edges[^1] - edges[0]).TotalHours * rollUpsPerHour * source.DeviceIds.Count > MaxRollUps)
            return Refuse(Refusals.Invalid("from", $"The range is too long for {Counted.Of(source.DeviceIds.Count, "meter")}. Ask for a shorter one."));

        return (length, source, await queries.IntervalsAsync(source.DeviceIds, edges, cancellationToken), null);

        static (IntervalLength, EnergySource?, List<EnergyRow>, ValidationProblem?) Refuse(ValidationProblem problem) => (default, null, [], problem);
    }

    private static EnergyIntervalItem Item(EnergyRow row) => new(row.Start, EnergyFigures.Rounded(row.ImportKwh), EnergyFigures.Rounded(row.ExportKwh), row.Estimated);
}
