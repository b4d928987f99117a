namespace Portal.AppHost.Manifests;

/// <summary>A file of a published directory that is made of the topology and written anew each time.</summary>
/// <param name="Path">Relative to the directory, with slashes.</param>
internal sealed record PublishedFile(string Path, string Content);

/// <summary>All that a stack is published as.</summary>
internal sealed record Publication
{
    /// <summary>Made of the topology; each publish writes them anew. None holds a secret.</summary>
    public required IReadOnlyList<PublishedFile> Files { get; init; }

    /// <summary>The file of variables, relative to the directory: <c>.env</c>, or on Kubernetes the secrets alone.</summary>
    public required string EnvName { get; init; }

    /// <summary>What it must hold. What it holds already stays.</summary>
    public required IReadOnlyList<EnvVariable> Variables { get; init; }

    /// <summary>Folders that others put files into; they are made when they are missing.</summary>
    public IReadOnlyList<string> Folders { get; init; } = [];
}
