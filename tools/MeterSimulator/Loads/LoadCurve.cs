namespace MeterSimulator.Loads;

/// <summary>
/// One electrical load (or source) by the minute. Between two minutes the power runs in a straight line, which is what makes its
/// integral exact. Negative power flows towards the grid.
/// </summary>
internal abstract class LoadCurve(ulong key, double ratedKw, double tanPhi)
{
    private readonly ulong _reactiveKey = Noise.Key(key, "reactive");

    /// <summary>What the load can draw at most, roughly; kW.</summary>
    public double RatedKw { get; } = ratedKw;

    protected ulong Key { get; } = key;

    public abstract double KwAt(in LocalMinute minute);

    /// <summary>Reactive power that goes with this active power, kvar; positive is inductive.</summary>
    public double KvarAt(in LocalMinute minute, double kw) =>
        Math.Abs(kw) * tanPhi * (1 + (0.08 * Noise.Smooth(_reactiveKey, minute.Minute, 20)));

    /// <summary>Short and long fluctuation around 1: people, doors, machines.</summary>
    protected double Flutter(in LocalMinute minute, double slow, double fast) =>
        1 + (slow * Noise.Smooth(Key, minute.Minute, 15)) + (fast * Noise.Centred(Key, minute.Minute));

    /// <summary>No two days are alike: a factor around 1 for the site's day.</summary>
    protected double DayFactor(in LocalMinute minute, double spread) => 1 + (spread * Noise.Centred(Key ^ 0xD1, minute.Day));
}
