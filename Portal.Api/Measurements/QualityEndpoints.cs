using Microsoft.AspNetCore.Http.HttpResults;
using Portal.Api.Auth;
using Portal.Api.Devices;
using Portal.Api.Requests;
using Portal.Contracts.Measurements;
using Portal.Data.Queries;

namespace Portal.Api.Measurements;

internal static class QualityEndpoints
{
    /// <summary>Longest range: its rows are walked one by one, 50,000 at one a minute.</summary>
    public static readonly TimeSpan LongestRange = TimeSpan.FromDays(35);

    public static void MapQuality(this IEndpointRouteBuilder app)
    {
        var device = app.MapGroup("/api/devices/{id:int}").WithTags("Measurements").RequireAuthorization(Policies.SignedIn);
        device.MapGet("/quality", ReadAsync);
        device.MapGet("/holdings", HoldingsAsync);
    }

    private static async Task<Results<Ok<QualityAnswer>, NotFound, ValidationProblem>> ReadAsync(
        int id, string? from, string? to, DeviceClocks devices, QualityQueries queries, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (await devices.FindAsync(id, cancellationToken) is not { } device) return TypedResults.NotFound();
        if (TimeRange.Read(from, to, device.Zone, out var range) is { } invalidRange) return invalidRange;
        if (range.To - range.From > LongestRange)
            return Refusals.Invalid("from", $"The range is longer than {LongestRange.TotalDays:0} days. Ask for a shorter one.");
        var now = clock.GetUtcNow();
        if (range.From >= now) return Refusals.Invalid("from", "Must be in the past.");

        var found = await queries.ReadAsync(id, range.From, range.To < now ? range.To : now, cancellationToken);
        var duplicates = await queries.DuplicatesAsync(id, range.From, range.To, cancellationToken);
        return TypedResults.Ok(new QualityAnswer(
            device.Zone.Id, found.Pace?.TotalSeconds, found.Rows, found.LateRows, duplicates, found.LongestDelay?.TotalSeconds, found.GapCount, found.Missing.TotalSeconds,
            [.. found.Gaps.Select(gap => new GapItem(gap.From, gap.To))]));
    }

    private static async Task<Results<Ok<HoldingsAnswer>, NotFound>> HoldingsAsync(
        int id, DeviceClocks devices, QualityQueries queries, CancellationToken cancellationToken)
    {
        if (await devices.FindAsync(id, cancellationToken) is null) return TypedResults.NotFound();
        var held = await queries.HoldingsAsync(id, cancellationToken);
        return TypedResults.Ok(new HoldingsAnswer(held.Rows, held.First, held.Last));
    }
}
