namespace MeterSimulator.Loads;

/// <summary>Solar panels: power towards the grid while the sun is up, cut by clouds; the inverter's own few watts at night.</summary>
internal sealed class RooftopPv(ulong key, double ratedKw) : LoadCurve(key, ratedKw, tanPhi: 0.05)
{
    public override double KwAt(in LocalMinute minute)
    {
        const double standby = 0.0015;
        if (minute.SunHeight <= 0.02) return RatedKw * standby;

        var clearSky = Math.Pow(minute.SunHeight, 1.15);
        var overcast = Noise.Unit(Key ^ 0xC1, minute.Day); // how cloudy the day is, mostly not very
        overcast *= overcast;
        var veil = 1 - (0.45 * overcast);
        var cloud = Noise.Smooth(Key ^ 0xC2, minute.Minute, 14);
        var shade = cloud > 1 - (1.5 * overcast) ? 1 - (0.65 * overcast) : 1;
        return -RatedKw * Math.Min(0.92, clearSky * veil * shade * (1 + (0.01 * Noise.Centred(Key, minute.Minute))));
    }
}
