namespace MeterSimulator.Loads;

/// <summary>An office building: nearly empty nights and weekends, a dip at lunch, air conditioning in the heat, heaters in the cold.</summary>
internal sealed class Office(ulong key, double ratedKw) : LoadCurve(key, ratedKw, tanPhi: 0.28)
{
    private static readonly DayShape Workday = new(
        (0, 0.13), (5.5, 0.13), (7, 0.34), (8.5, 0.62), (12, 0.64), (13, 0.54), (14, 0.63), (16.5, 0.56), (18, 0.26), (20.5, 0.15));
    private static readonly DayShape Weekend = new((0, 0.12), (8, 0.13), (12, 0.15), (18, 0.13));

    public override double KwAt(in LocalMinute minute)
    {
        var level = (minute.IsWeekend ? Weekend : Workday).At(minute.OfDay);
        var comfort = Math.Clamp(Math.Abs(minute.AmbientC - 20) - 2, 0, 12) * 0.028 * level;
        return RatedKw * ((level * DayFactor(minute, 0.06)) + comfort) * Flutter(minute, 0.04, 0.02);
    }
}
