namespace MeterSimulator.Loads;

/// <summary>Shops: light and air conditioning with the opening hours, refrigeration and signs all night, busiest on Saturday.</summary>
internal sealed class Mall(ulong key, double ratedKw) : LoadCurve(key, ratedKw, tanPhi: 0.36)
{
    private static readonly DayShape Weekday = new(
        (0, 0.24), (5, 0.24), (7, 0.38), (8.5, 0.58), (9.2, 0.70), (12.5, 0.76), (17.5, 0.74), (18.5, 0.55), (20, 0.40), (22, 0.26));
    private static readonly DayShape Saturday = new(
        (0, 0.25), (5, 0.24), (7, 0.38), (8.5, 0.62), (9.2, 0.76), (12.5, 0.84), (17, 0.78), (18.5, 0.50), (22, 0.27));
    private static readonly DayShape Sunday = new(
        (0, 0.25), (6, 0.24), (8, 0.40), (9.2, 0.64), (12.5, 0.72), (14, 0.66), (15.5, 0.42), (18, 0.34), (22, 0.25));

    public override double KwAt(in LocalMinute minute)
    {
        var shape = minute.Weekday switch
        {
            DayOfWeek.Saturday => Saturday,
            DayOfWeek.Sunday => Sunday,
            _ => Weekday,
        };
        var level = shape.At(minute.OfDay);
        var cooling = Math.Clamp((minute.AmbientC - 18) * 0.016, 0, 0.25) * level;
        return RatedKw * ((level * DayFactor(minute, 0.04)) + cooling) * Flutter(minute, 0.025, 0.008);
    }
}
