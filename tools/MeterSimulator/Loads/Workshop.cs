namespace MeterSimulator.Loads;

/// <summary>
/// Machines and welding from seven to four with tea and lunch breaks, Saturday mornings, a compressor that leaks all night. Motors
/// at part load: a poor power factor.
/// </summary>
internal sealed class Workshop(ulong key, double ratedKw) : LoadCurve(key, ratedKw, tanPhi: 0.80)
{
    private static readonly DayShape Workday = new(
        (0, 0.06), (6, 0.07), (6.9, 0.22), (7.2, 0.58), (9.9, 0.66), (10, 0.26), (10.25, 0.28), (10.4, 0.62), (12.45, 0.64),
        (12.55, 0.20), (13, 0.20), (13.2, 0.60), (15.7, 0.56), (16.2, 0.16), (18, 0.07));
    private static readonly DayShape Saturday = new((0, 0.06), (7, 0.08), (7.5, 0.38), (12.5, 0.40), (13.2, 0.08), (18, 0.06));
    private static readonly DayShape Sunday = new((0, 0.06), (12, 0.06));

    public override double KwAt(in LocalMinute minute)
    {
        var shape = minute.Weekday switch
        {
            DayOfWeek.Saturday => Saturday,
            DayOfWeek.Sunday => Sunday,
            _ => Workday,
        };
        var level = shape.At(minute.OfDay);
        var welding = level > 0.3 && Noise.Unit(Key ^ 0x3E1D, minute.Minute / 3) < 0.3 ? 0.12 : 0; // three-minute seams
        return RatedKw * ((level * DayFactor(minute, 0.10)) + welding) * Flutter(minute, 0.08, 0.05);
    }
}
