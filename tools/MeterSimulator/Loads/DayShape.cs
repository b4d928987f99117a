namespace MeterSimulator.Loads;

/// <summary>The usual course of a day: level by the minute, straight lines between the given corners, closed over midnight.</summary>
internal sealed class DayShape
{
    private readonly double[] _levels = new double[1440];

    /// <param name="corners">Hour of the day (7.5 is 07:30) and level, in ascending order of hours.</param>
    public DayShape(params ReadOnlySpan<(double Hour, double Level)> corners)
    {
        for (var i = 0; i < corners.Length; i++)
        {
            var from = corners[i];
            var to = i + 1 < corners.Length ? corners[i + 1] : (Hour: corners[0].Hour + 24, corners[0].Level);
            var first = (int)(from.Hour * 60);
            var last = (int)(to.Hour * 60);
            for (var minute = first; minute < last; minute++)
            {
                _levels[minute % 1440] = from.Level + ((to.Level - from.Level) * (minute - first) / (last - first));
            }
        }
    }

    public double At(int minuteOfDay) => _levels[minuteOfDay];
}
