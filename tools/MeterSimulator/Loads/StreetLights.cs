namespace MeterSimulator.Loads;

/// <summary>Lamps that follow the sun, lane after lane, and dim after midnight. By day only the controller draws something.</summary>
internal sealed class StreetLights(ulong key, double ratedKw) : LoadCurve(key, ratedKw, tanPhi: 0.20)
{
    public override double KwAt(in LocalMinute minute)
    {
        var lit = Math.Clamp((-0.03 - minute.SunHeight) / 0.03, 0, 1); // civil dusk, about ten minutes for all lanes
        var dimmed = minute.OfDay is >= 15 and < 285 ? 0.6 : 1.0;
        return RatedKw * (0.01 + (0.95 * lit * dimmed * Flutter(minute, 0.01, 0.004)));
    }
}
