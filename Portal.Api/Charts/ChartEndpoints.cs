using Microsoft.AspNetCore.Http.HttpResults;
using Portal.Api.Auth;
using Portal.Api.Devices;
using Portal.Api.Energy;
using Portal.Api.Measurements;
using Portal.Api.Requests;
using Portal.Data.Queries.Charts;
using Portal.Domain.Charts;
using Portal.Domain.Measurements;

namespace Portal.Api.Charts;

/// <summary>Curves for charts, with as many points as the screen has pixels for. The browser asks for them itself, by the session's cookie.</summary>
internal static class ChartEndpoints
{
    /// <summary>Fewest and most points; a wide screen has some 4000 pixels.</summary>
    public const int MinPoints = 20;

    public const int MaxPoints = 5_000;

    /// <summary>Longest range of what the roll-ups keep: power, energy.</summary>
    public static readonly TimeSpan LongestRange = TimeSpan.FromDays(20 * 366);

    private const int UsualPoints = 1_000;

    // Every meter that posts at least every ten minutes is in each point of a sum.
    private static readonly TimeSpan LeastSumStep = TimeSpan.FromMinutes(10);

    public static void MapCharts(this IEndpointRouteBuilder app)
    {
        var charts = app.MapGroup("/api/charts").WithTags("Charts").RequireAuthorization(Policies.SignedIn);
        charts.MapGet("/devices/{id:int}", DeviceAsync).ProducesChart();
        charts.MapGet("/sites/{id}", SiteAsync).ProducesChart();
    }

    private static async Task<Results<FileContentHttpResult, NotFound, ValidationProblem>> DeviceAsync(
        int id, string? from, string? to, int? points, string? registers, DeviceClocks devices, ChartQueries queries, HttpContext http, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        if (Points(points, out var most) is { } invalidPoints) return invalidPoints;
        if (SeriesEndpoints.Registers(registers, out var quantities) is { } invalidRegisters) return invalidRegisters;
        if (await devices.FindAsync(id, cancellationToken) is not { } device) return TypedResults.NotFound();
        if (TimeRange.Read(from, to, device.Zone, out var range) is { } invalidRange) return invalidRange;
        var longest = ChartQueries.FromRollUps(quantities, range.To - range.From, most) ? LongestRange : SeriesEndpoints.LongestRange;
        if (TooLong(range, longest) is { } tooLong) return tooLong;

        var curve = await queries.ReadAsync(id, range.From, range.To, device.Zone, most, quantities, cancellationToken);
        var columns = curve.Columns.SelectMany(column => Parts(column.Quantity, curve.Method), (column, part) => (column.Quantity, Part: part, Values: Values(column, part))).ToList();
        var (times, values) = CurveGaps.Mark([.. curve.Times.Select(Seconds)], [.. columns.Select(column => column.Values)], curve.Step.TotalSeconds);
        var body = new ChartBody(Name(curve.Method), curve.Step.TotalSeconds, device.Zone.Id, times);
        foreach (var (column, marked) in columns.Zip(values)) body.Add(column.Quantity.Name, column.Quantity.Unit, column.Part, marked);
        return body.Answer(http, IsLive(range, clock));
    }

    // The main meters together; a step in which one of them is missing is flagged.
    private static async Task<Results<FileContentHttpResult, NotFound, ValidationProblem>> SiteAsync(
        string id, string? from, string? to, int? points, EnergySources sources, ChartQueries queries, HttpContext http, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        if (Points(points, out var most) is { } invalidPoints) return invalidPoints;
        if (await sources.OfSiteAsync(id, cancellationToken) is not { } source) return TypedResults.NotFound();
        if (TimeRange.Read(from, to, source.Zone, out var range) is { } invalidRange) return invalidRange;
        if (TooLong(range, LongestRange) is { } tooLong) return tooLong;

        var sum = await queries.SumAsync(source.DeviceIds, range.From, range.To, source.Zone, most, LeastSumStep, cancellationToken);
        List<double?> flags = [.. sum.Meters.Select(meters => (double?)(meters < source.DeviceIds.Count ? 1 : 0))];
        var (times, values) = CurveGaps.Mark([.. sum.Times.Select(Seconds)], [sum.PowerKw, flags], sum.Step.TotalSeconds);
        return new ChartBody(Name(sum.Step < TimeSpan.FromMinutes(15) ? ChartMethod.Samples : ChartMethod.RollUps), sum.Step.TotalSeconds, source.Zone.Id, times)
            .Add(Quantities.ActivePowerKw.Name, Quantities.ActivePowerKw.Unit, "mean", values[0])
            .Add("estimated", "", "flag", values[1])
            .Answer(http, IsLive(range, clock));
    }

    private static ValidationProblem? Points(int? asked, out int points)
    {
        points = asked ?? UsualPoints;
        return points is >= MinPoints and <= MaxPoints ? null : Refusals.Invalid("points", $"Must be {MinPoints} to {MaxPoints}.");
    }

    private static ValidationProblem? TooLong(TimeRange range, TimeSpan longest) =>
        range.To - range.From <= longest ? null : Refusals.Invalid("from", $"The range is longer than {longest.TotalDays:0} days. Ask for a shorter one.");

    private static bool IsLive(TimeRange range, TimeProvider clock) => range.To > clock.GetUtcNow().AddHours(-1);

    private static IEnumerable<string> Parts(Quantity quantity, ChartMethod method) =>
        method == ChartMethod.Raw ? ["value"] : quantity.Kind == QuantityKind.Register ? ["last"] : ["mean", "min", "max"];

    private static double?[] Values(Data.Queries.SeriesColumn column, string part) => part switch { "min" => column.Min, "max" => column.Max, _ => column.Mean };

    private static double Seconds(DateTimeOffset time) => time.ToUnixTimeMilliseconds() / 1000.0;

    private static string Name(ChartMethod method) => method switch { ChartMethod.Raw => "raw", ChartMethod.Samples => "samples", _ => "roll-ups" };
}
