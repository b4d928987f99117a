namespace MeterSimulator.Loads;

/// <summary>
/// Two pumps that fill a reservoir: on or off, by preference at night when energy is cheap, and as little as the town allows during
/// the morning and evening peak.
/// </summary>
internal sealed class PumpHouse(ulong key, double ratedKw) : LoadCurve(key, ratedKw, tanPhi: 0.62)
{
    private const int SlotMinutes = 45;

    public override double KwAt(in LocalMinute minute)
    {
        var wanted = minute.OfDay switch
        {
            < 360 or >= 1320 => 0.90,
            >= 420 and < 600 or >= 1080 and < 1200 => 0.30,
            _ => 0.62,
        };
        var slot = minute.Minute / SlotMinutes;
        var wear = 1 + (0.02 * Noise.Smooth(Key, minute.Minute, 30));
        var first = Noise.Unit(Key ^ 1, slot) < wanted ? 0.52 : 0;
        var second = Noise.Unit(Key ^ 2, slot) < wanted - 0.35 ? 0.43 : 0;
        return RatedKw * (0.02 + ((first + second) * wear));
    }
}
