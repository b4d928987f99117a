namespace Portal.Ingest.FleetPush;

/// <summary>Section <c>FleetIngest</c>: whether, where and how this stack pushes what it stores to the fleet.</summary>
public sealed class FleetIngestOptions
{
    public const string SectionName = "FleetIngest";

    /// <summary>Where the aggregator takes pushes, below the Admin stack's address.</summary>
    internal const string IngestPath = "/api/fleet/ingest";

    /// <summary>False: nothing is pushed and nothing is kept for it.</summary>
    public bool Enabled { get; set; }

    /// <summary>The Admin stack's address, or its whole address that takes pushes, which ends in <c>/api/fleet/ingest</c>.</summary>
    public string? Url { get; set; }

    /// <summary>The token (<c>pft_…</c>) that the fleet gave this stack. Where it is set <see cref="TokenFile"/> is not read.</summary>
    public string? Token { get; set; }

    /// <summary>A file that holds the token. It need not be there yet, and is read again when it changes.</summary>
    public string? TokenFile { get; set; }

    /// <summary>Seconds between two pushes, and between two heartbeats. An hour is what the fleet calls stale.</summary>
    public int IntervalSeconds { get; set; } = 60;

    /// <summary>Most rows of a batch. At 5,000 the receiver stores at 0.91 of the speed of any larger one.</summary>
    public int BatchSize { get; set; } = 5_000;

    /// <summary>What of the section could not be read at all; the validator reports it with the rest.</summary>
    internal List<string> Unreadable { get; } = [];

    /// <summary>
    /// The file that the token is read from; null where it is in the settings. Published stacks name a file always, and operators paste the
    /// token into <c>.env</c> all the same: that shall not keep ingest from starting.
    /// </summary>
    internal string? ReadTokenFile => Token is null ? TokenFile : null;

    internal TimeSpan Interval => TimeSpan.FromSeconds(IntervalSeconds);

    /// <summary>Where batches go; null where <see cref="Url"/> is no address for that.</summary>
    internal Uri? IngestUrl =>
        Uri.TryCreate(Url, UriKind.Absolute, out var url)
        && url is { Scheme: "http" or "https", Query: "", Fragment: "", UserInfo: "" }
        && (url.AbsolutePath == "/" || url.AbsolutePath.EndsWith(IngestPath, StringComparison.Ordinal))
            ? url.AbsolutePath == "/" ? new Uri(url, IngestPath) : url
            : null;
}
