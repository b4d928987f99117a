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

    public static void MapMeasurements(this IEndpointRouteBuilder app) =>
        app.MapGet("/api/devices/{id:int}/measurements", PageAsync).WithTags("Measurements").RequireAuthorization(Policies.SignedIn);

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

    private static string Or(string? text, string otherwise) => string.IsNullOrWhiteSpace(text) ? otherwise : text;

    private static string Format(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static Measurement Item(StoredMeasurement row) => new()
    {
        Time = row.Time,
        ReceivedAt = row.ReceivedAt,
        Values = new Dictionary<string, object>(row.Values),
    };
}
