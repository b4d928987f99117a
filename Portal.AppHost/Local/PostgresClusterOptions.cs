namespace Portal.AppHost.Local;

/// <summary>How a private cluster is made and run.</summary>
public sealed record PostgresClusterOptions
{
    /// <summary>Where it lives: data, password, port. A link to another place when the server's user can't get here.</summary>
    public required string Folder { get; init; }

    /// <summary>False in tests only: nothing is flushed to disk, so that a crash of the machine, not of the server, loses data.</summary>
    public bool Durable { get; init; } = true;

    /// <summary>How many connections it takes; one that is not open costs a few kilobytes.</summary>
    public int MaxConnections { get; init; } = 500;

    /// <summary>
    /// MiB of memory for the pages it has read: a quarter of the machine's, as <c>docs/SCALING.md</c> has it, 128 to 1,024. It is taken as pages are
    /// read. A month of a meter's minutes is some 40,000 pages: 35 ms from here, 115 ms where each one is fetched from the system's cache.
    /// </summary>
    public long SharedBuffersMb { get; init; } = Math.Clamp(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (4 * 1024 * 1024), 128, 1024);

    /// <summary>Whether a missing server may be installed with the system's package manager.</summary>
    public bool MayInstall { get; init; }

    /// <summary>Takes what a person should be told while they wait.</summary>
    public Action<string> Tell { get; init; } = _ => { };

    /// <summary>Takes the lines that the server logs.</summary>
    public Action<string> Log { get; init; } = _ => { };
}
