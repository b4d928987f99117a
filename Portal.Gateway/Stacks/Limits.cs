using System.Collections.Immutable;

namespace Portal.Gateway.Stacks;

/// <summary>What a stack's file says about a path.</summary>
/// <param name="BodyMiB">Largest body; null: the gateway's own.</param>
/// <param name="Timeout">How long a request may pass without a byte in either direction; null: the gateway's own.</param>
internal sealed record PathLimits(int? BodyMiB, TimeSpan? Timeout);

/// <summary>What is counted, and by whom.</summary>
internal enum RateKind
{
    /// <summary>Attempts to sign in, by address (an IPv6 /64 is one).</summary>
    SignIn,

    /// <summary>Meters' posts, by ingest key.</summary>
    Ingest,

    /// <summary>What stacks push, by fleet token.</summary>
    Fleet,
}

/// <summary>How often one caller may ask.</summary>
/// <param name="PerSecond">In the long run, above 0.</param>
/// <param name="Burst">At once, at least 1.</param>
internal sealed record Rate(double PerSecond, int Burst)
{
    /// <summary>
    /// What holds where a stack's file says nothing. It stops what has run wild; it is far above what anybody needs.
    /// </summary>
    public static readonly ImmutableDictionary<RateKind, Rate> Usual = new Dictionary<RateKind, Rate>
    {
        // A password takes the API 0.1 s of a core, so one address can keep a tenth of a core busy. An office of sixty that
        // comes to work behind one address is let in at once.
        [RateKind.SignIn] = new(1, 60),
        // A thousand meters with three modules each that post every second share one key at most: 3,000 posts a second. A
        // stack has shown 4,000. Twice that, and five seconds of it at once, when every module sends what it kept.
        [RateKind.Ingest] = new(8_000, 40_000),
        // The aggregator takes 600 batches a minute of one customer, 10 a second, and says so itself when it has enough. Five
        // times that leaves the answer to it.
        [RateKind.Fleet] = new(50, 500),
    }.ToImmutableDictionary();
}
