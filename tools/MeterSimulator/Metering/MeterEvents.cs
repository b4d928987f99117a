namespace MeterSimulator.Metering;

/// <summary>What can happen to a meter in the field.</summary>
/// <param name="ClockAhead">The meter's clock is ahead of the true time by this; negative: behind. What it stamps 10:00 happened this much earlier.</param>
/// <param name="RegisterReset">Its registers start from zero at this true time (a factory reset, or another meter in its place).</param>
/// <param name="CtChange">From this true time on it reads twice as much: its current transformers' ratio was set right.</param>
/// <param name="AbsentShare">Share of values, 0 to 1, that it can't tell.</param>
internal sealed record MeterEvents(
    TimeSpan ClockAhead = default, DateTimeOffset? RegisterReset = null, DateTimeOffset? CtChange = null, double AbsentShare = 0)
{
    /// <summary>By how much currents, powers and the pace of registers grow at <see cref="CtChange"/>.</summary>
    public const double CtFactor = 2;

    public static readonly MeterEvents None = new();
}
