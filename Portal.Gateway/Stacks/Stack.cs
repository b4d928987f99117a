using System.Collections.Immutable;

namespace Portal.Gateway.Stacks;

/// <summary>What can stand behind a host. The names in a stack file are these in lower case.</summary>
internal enum Service
{
    Api,
    Ingest,
    Web,
    Aggregator,
    Grafana,
}

/// <summary>One stack as its file describes it, checked. <paramref name="Name"/> is the file's name without <c>.json</c>.</summary>
internal sealed record Stack(string Name, string Host, ImmutableSortedDictionary<Service, ImmutableArray<string>> Services)
{
    /// <summary>Everything that routing depends on, as one comparable text.</summary>
    public string Fingerprint =>
        Host + " " + string.Join(' ', Services.Select(service => $"{service.Key}={string.Join(',', service.Value)}"));
}

/// <summary>Why a file was refused: which file, which field of it (<c>$</c> is the whole), what is wrong and what would be right.</summary>
internal sealed record StackFault(string File, string Field, string Reason);
