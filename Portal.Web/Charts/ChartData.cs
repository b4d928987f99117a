namespace Portal.Web.Charts;

/// <summary>A curve of a chart.</summary>
/// <param name="Column">Name of the column in the data: <c>activePowerKw</c>, <c>importKwh</c>.</param>
/// <param name="Token">Its colour: <c>--series-1</c> to <c>--series-6</c>.</param>
/// <param name="Fill">Fills the ground below the line.</param>
/// <param name="Spread">Shades lowest to highest where a point is the mean of many.</param>
public sealed record ChartSeries(string Column, string Label, string Unit, string Token = "--series-1", bool Fill = false, bool Spread = true);

/// <summary>A stretch of time with a colour behind the curves: a tariff's band.</summary>
/// <param name="Label">Shown in the legend, once per label.</param>
/// <param name="Token">Such as <c>--peak</c>.</param>
public sealed record ChartBand(DateTimeOffset From, DateTimeOffset To, string Label, string Token);

/// <summary>A level that matters: notified demand, a limit.</summary>
public sealed record ChartLine(double Value, string Label, string Token = "--bad");

/// <summary>What a chart shows of the time.</summary>
public readonly record struct ChartRange(DateTimeOffset From, DateTimeOffset To);
