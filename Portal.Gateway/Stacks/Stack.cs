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

    /// <summary>The stack's own gateway: this one stands at the edge and hands it the whole host.</summary>
    Gateway,
}

/// <summary>One stack as its file describes it, checked. <paramref name="Name"/> is the file's name without <c>.json</c>.</summary>
internal sealed record Stack(string Name, string Host, ImmutableSortedDictionary<Service, ImmutableArray<string>> Services)
{
    /// <summary>Limits of paths (see <see cref="StackPaths"/>) that are not the gateway's own.</summary>
    public ImmutableSortedDictionary<string, PathLimits> Paths { get; init; } = ImmutableSortedDictionary<string, PathLimits>.Empty;

    /// <summary>Rates that are not the usual ones.</summary>
    public ImmutableSortedDictionary<RateKind, Rate> Rates { get; init; } = ImmutableSortedDictionary<RateKind, Rate>.Empty;

    /// <summary>Whether this gateway hands the whole host to the stack's own one.</summary>
    public bool IsEdge => Services.ContainsKey(Service.Gateway);

    /// <summary>The operators' stack: what it shows is every customer's, and for admins only.</summary>
    public bool IsOperators => Services.ContainsKey(Service.Aggregator);

    /// <summary>How often one caller may ask for something.</summary>
    public Rate Rate(RateKind kind) => Rates.GetValueOrDefault(kind) ?? Stacks.Rate.Usual[kind];

    /// <summary>Everything that routing depends on, as one comparable text.</summary>
    public string Fingerprint => string.Join(' ',
        [
            Host,
            .. Services.Select(service => $"{service.Key}={string.Join(',', service.Value)}"),
            .. Paths.Select(path => $"{path.Key}={path.Value}"),
            .. Rates.Select(rate => $"{rate.Key}={rate.Value}"),
        ]);
}

/// <summary>Why a file was refused: which file, which field of it (<c>$</c> is the whole), what is wrong and what would be right.</summary>
internal sealed record StackFault(string File, string Field, string Reason);
