namespace Portal.Domain.Energy;

/// <summary>A register's curve at one instant.</summary>
/// <param name="Counted">Energy counted from the first reading on, in the register's unit.</param>
/// <param name="Gap">How far apart the readings around the instant are; zero on a reading.</param>
/// <param name="ResetsDone">Resets that lie wholly before it.</param>
/// <param name="ResetsMet">The same, and the one that it lies within.</param>
internal readonly record struct CurvePoint(double Counted, TimeSpan Gap, int ResetsDone, int ResetsMet);

/// <summary>Reads a curve at ascending instants within its range, each in the time of the readings in between.</summary>
internal struct CurveWalk(RegisterCurve curve)
{
    private int? index;

    /// <param name="time">UTC ticks, not before the last one asked for.</param>
    public CurvePoint At(long time)
    {
        var corner = curve.CornerAtOrAfter(time, index);
        index = corner;
        return curve.Point(time, corner);
    }
}
