namespace Portal.Domain.Measurements;

/// <summary>Which times of a meter's clock are believed.</summary>
public static class MeterClock
{
    /// <summary>Earliest time stored, inclusive. A meter whose clock was lost starts in 1970 or on 2000-01-01 itself: both lie before it.</summary>
    public static readonly DateTimeOffset Floor = new(2000, 1, 2, 0, 0, 0, TimeSpan.Zero);

    /// <summary>How far ahead of the receiver's clock a time may be, inclusive: meters drift, and gain minutes between two syncs.</summary>
    public static readonly TimeSpan MaxAhead = TimeSpan.FromMinutes(5);
}
