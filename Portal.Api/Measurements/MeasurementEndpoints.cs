using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Portal.Api.Auth;
using Portal.Api.Devices;
using Portal.Api.Requests;
using Portal.Contracts.Measurements;
using Portal.Data.Queries;
using Portal.Domain.Measurements;

namespace Portal.Api.Measurements;

internal static class MeasurementEndpoints
{
    private const int UsualLimit = 100;

    /// <summary>Longest range of a download: half a million rows at one a minute, 100 MB.</summary>
    private static readonly TimeSpan LongestDownload = TimeSpan.FromDays(367);

    public static void MapMeasurements(this IEndpointRouteBuilder app)
    {
        var measurements = app.MapGroup("/api/devices/{id:int}/measurements").WithTags("Measurements").RequireAuthorization(Policies.SignedIn);
        measurements.MapGet("", PageAsync);
        measurements.MapGet("/csv", CsvAsync).Produces(StatusCodes.Status200OK, contentType: "text/csv");
    }

    // Newest first. Without 'from' and 'to': all there is.
    private static async Task<Results<Ok<MeasurementPage>, NotFound, ValidationProblem>> PageAsync(
        int id, string? from, string? to, [AsParameters] PageRequest request, DeviceClocks devices, MeasurementQueries queries, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        if (request.Read(UsualLimit, keys: 1, out var page) is { } invalidPage) return invalidPage;
        if (await devices.FindAsync(id, cancellationToken) is not { } device) return TypedResults.NotFound();

        var earliest = Format(MeterClock.Floor);
        var latest = Format(clock.GetUtcNow() + MeterClock.MaxAhead + TimeSpan.FromMinutes(1));
        if (TimeRange.Read(Or(from, earliest), Or(to, latest), device.Zone, out var range) is { } invalidRange) return invalidRange;
        DateTimeOffset? before = null;
        if (page.After is [var key])
        {
            if (!Instants.TryParseKey(key, out var last)) return Refusals.Invalid("cursor", PageRequest.InvalidCursor);
            before = last;
        }

        var rows = await queries.PageAsync(id, range.From, range.To, page.Limit + 1, before, cancellationToken);
        var cut = page.Cut(rows, Item, row => [Instants.Key(row.Time)]);
        return TypedResults.Ok(new MeasurementPage(cut.Items, cut.Next));
    }

    // Oldest first. An error amid it breaks the download off, so that nobody takes a part for the whole.
    private static async Task<Results<PushStreamHttpResult, NotFound, ValidationProblem>> CsvAsync(
        int id, string? from, string? to, DeviceClocks devices, HistoryQueries queries, CancellationToken cancellationToken)
    {
        if (await devices.FindAsync(id, cancellationToken) is not { } device) return TypedResults.NotFound();
        if (TimeRange.Read(from, to, device.Zone, out var range) is { } invalidRange) return invalidRange;
        if (range.To - range.From > LongestDownload)
            return Refusals.Invalid("from", $"The range is longer than {LongestDownload.TotalDays:0} days. Ask for a shorter one, several times.");
        var csv = new HistoryCsv(queries, id, device.Zone, range);
        var first = TimeZoneInfo.ConvertTime(range.From, device.Zone);
        return TypedResults.Stream(
            body => csv.WriteAsync(body, cancellationToken), "text/csv; charset=utf-8", FormattableString.Invariant($"measurements-{first:yyyy-MM-dd}.csv"));
    }

    private static string Or(string? text, string otherwise) => string.IsNullOrWhiteSpace(text) ? otherwise : text;

    private static string Format(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static Measurement Item(StoredMeasurement row) => new()
    {
        Time = row.Time,
        ReceivedAt = row.ReceivedAt,
        Values = new Dictionary<string, object>(row.Values),
    };
}
