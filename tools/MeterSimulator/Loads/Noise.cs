namespace MeterSimulator.Loads;

/// <summary>
/// Randomness without a state: every value is a function of a key and a position. So a curve can be asked for any instant, in any
/// order, by any process, and always answers the same.
/// </summary>
internal static class Noise
{
    /// <summary>A key for one named thing of one seed (FNV-1a; string.GetHashCode differs from process to process).</summary>
    public static ulong Key(ulong parent, string name)
    {
        var hash = 14695981039346656037UL ^ Mix(parent);
        foreach (var c in name)
        {
            hash = (hash ^ c) * 1099511628211UL;
        }

        return Mix(hash);
    }

    /// <summary>Evenly spread over [0, 1).</summary>
    public static double Unit(ulong key, long position) =>
        (Mix(key + (ulong)position * 0x9E3779B97F4A7C15UL) >> 11) * (1.0 / (1UL << 53));

    /// <summary>Evenly spread over [-1, 1).</summary>
    public static double Centred(ulong key, long position) => (2 * Unit(key, position)) - 1;

    /// <summary>In [-1, 1), continuous: new value every <paramref name="period"/>, straight lines between.</summary>
    public static double Smooth(ulong key, long position, int period)
    {
        var (step, rest) = Math.DivRem(position, period);
        var from = Centred(key, step);
        return from + ((Centred(key, step + 1) - from) * rest / period);
    }

    // The finaliser of splitmix64: every input bit reaches every output bit.
    private static ulong Mix(ulong x)
    {
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9UL;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EBUL;
        return x ^ (x >> 31);
    }
}
