namespace Portal.Domain.Energy;

/// <summary>
/// Lengths of interval on a site's clock. Energy is known from a quarter of an hour up (the finest roll-up); shorter ones are
/// for curves of power.
/// </summary>
public enum IntervalLength
{
    Minute,
    FiveMinutes,
    TenMinutes,
    QuarterHour,
    Hour,
    Day,
    Month,
}
