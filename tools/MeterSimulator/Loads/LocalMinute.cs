namespace MeterSimulator.Loads;

/// <summary>What a load can know of one minute at its site.</summary>
/// <param name="Minute">Minutes since 1970-01-01T00:00Z.</param>
/// <param name="Day">Days since 1970-01-01 on the site's own calendar.</param>
/// <param name="OfDay">Minute of the site's day, 0 to 1439.</param>
/// <param name="Weekday">Day of the week at the site.</param>
/// <param name="AmbientC">Outdoor temperature, °C.</param>
/// <param name="SunHeight">Sine of the sun's elevation, −1 to 1; negative at night.</param>
internal readonly record struct LocalMinute(
    long Minute, long Day, int OfDay, DayOfWeek Weekday, double AmbientC, double SunHeight)
{
    public bool IsWeekend => Weekday is DayOfWeek.Saturday or DayOfWeek.Sunday;
}
