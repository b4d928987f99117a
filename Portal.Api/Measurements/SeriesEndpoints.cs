using Microsoft.AspNetCore.Http.HttpResults;
using Portal.Api.Auth;
using Portal.Api.Devices;
using Portal.Api.Requests;
using Portal.Contracts.Measurements;
using Portal.Data.Queries;
using Portal.Domain.Energy;
using Portal.Domain.Measurements;

namespace Portal.Api.Measurements;

internal static class SeriesEndpoints
{
    /// <summary>Most intervals of an answer; a screen has fewer pixels across.</summary>
    public const int MaxIntervals = 5_000;

    /// <summary>Most registers of an answer.</summary>
    public const int MaxRegisters = 12;

    /// <summary>Longest range: curves are taken from raw rows, half a million of them a year at one a minute.</summary>
    public static readonly TimeSpan LongestRange = TimeSpan.FromDays(367);

    // What is aimed at where no interval is asked for: two pixels or so to a point.
    private const int UsualIntervals = 750;

    public static void MapSeries(this IEndpointRouteBuilder app) =>
        app.MapGet("/api/devices/{id:int}/series", ReadAsync).WithTags("Measurements").RequireAuthorization(Policies.SignedIn);

    private static async Task<Results<Ok<SeriesAnswer>, NotFound, ValidationProblem>> ReadAsync(
        int id, string? from, string? to, string? interval, string? registers, DeviceClocks devices, SeriesQueries queries,
        CancellationToken cancellationToken)
    {
        if (Registers(registers, out var quantities) is { } invalidRegisters) return invalidRegisters;
        if (await devices.FindAsync(id, cancellationToken) is not { } device) return TypedResults.NotFound();
        if (TimeRange.Read(from, to, device.Zone, out var range) is { } invalidRange) return invalidRange;
        if (range.To - range.From > LongestRange)
            return Refusals.Invalid("from", $"The range is longer than {LongestRange.TotalDays:0} days. Ask for a shorter one.");
        IntervalLength length;
        if (string.IsNullOrEmpty(interval)) length = Suited(range.To - range.From);
        else if (!Intervals.TryParse(interval, IntervalLength.Minute, out length)) return Refusals.Invalid("interval", Intervals.Expected(IntervalLength.Minute));
        if (range.Align(length, device.Zone, MaxIntervals, out var edges) is { } tooMany) return tooMany;

        var series = await queries.ReadAsync(id, edges, quantities, cancellationToken);
        return TypedResults.Ok(new SeriesAnswer(
            Intervals.Name(length), device.Zone.Id, series.Starts, series.Samples,
            [.. series.Columns.Select(column => new SeriesColumnItem(column.Quantity.Name, column.Quantity.Unit, column.Mean, column.Min, column.Max))]));
    }

    /// <summary>Quantities by their names, separated by commas; active power where there are none.</summary>
    public static ValidationProblem? Registers(string? names, out List<Quantity> quantities)
    {
        quantities = [];
        foreach (var name in (names ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!Quantities.ByName.TryGetValue(name, out var quantity))
                return Refusals.Invalid("registers", "Has a name that is no quantity. Use names such as activePowerKw or energyImportKwh, separated by commas.");
            if (quantity.Kind == QuantityKind.LoadType) return Refusals.Invalid("registers", "loadType is a letter and has no curve.");
            if (!quantities.Contains(quantity)) quantities.Add(quantity);
        }

        if (quantities.Count == 0) quantities.Add(Quantities.ActivePowerKw);
        return quantities.Count > MaxRegisters ? Refusals.Invalid("registers", $"At most {MaxRegisters} at a time.") : null;
    }

    private static IntervalLength Suited(TimeSpan range) => range.TotalMinutes switch
    {
        <= UsualIntervals => IntervalLength.Minute,
        <= UsualIntervals * 5 => IntervalLength.FiveMinutes,
        <= UsualIntervals * 10 => IntervalLength.TenMinutes,
        <= UsualIntervals * 15 => IntervalLength.QuarterHour,
        <= UsualIntervals * 60 => IntervalLength.Hour,
        _ => IntervalLength.Day,
    };
}
