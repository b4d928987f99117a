namespace Portal.AppHost.Topology;

/// <summary>One program of a stack.</summary>
internal sealed record Service
{
    /// <summary>Its name inside the stack, and in service discovery: others reach it as <c>http://NAME</c>.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// The project that builds it: a folder, project file and program of this name below <see cref="ProjectFolder"/>. Empty for what isn't ours.
    /// </summary>
    public string Project { get; init; } = "";

    /// <summary>Whether it is a program that isn't ours, and that a start is complete without.</summary>
    public bool IsForeign { get; init; }

    /// <summary>Where the project's folder lies, relative to the repository's root; empty for the root itself.</summary>
    public string ProjectFolder { get; init; } = "";

    /// <summary>The container image, without registry and tag.</summary>
    public string Image => $"tau-acuvim-portal-{Name}";

    /// <summary>The port it listens on in a container. Where services share a machine they are given free ones.</summary>
    public int ContainerPort { get; init; } = 8080;

    /// <summary>Environment variables besides those that every service of the stack gets.</summary>
    public IReadOnlyDictionary<string, Setting> Environment { get; init; } = new Dictionary<string, Setting>();

    /// <summary>Volumes that it keeps data on.</summary>
    public IReadOnlyList<Mount> Mounts { get; init; } = [];

    /// <summary>
    /// Services that it is of no use without. Engines that can hold it back until they are ready; it copes by itself
    /// where they can't, by not being ready either.
    /// </summary>
    public IReadOnlyList<string> WaitsFor { get; init; } = [];

    /// <summary>Whether the gateway sends requests from outside to it.</summary>
    public bool IsRouted { get; init; } = true;

    /// <summary>Answers 200 once it can do its work.</summary>
    public string ReadyPath { get; init; } = "/health/ready";

    /// <summary>Whether it talks to the stack's database.</summary>
    public bool UsesDatabase => Environment.Values.OfType<Setting.Database>().Any();

    /// <summary>The project file, relative to the repository's root.</summary>
    public string ProjectFile => Path.Combine(ProjectFolder, Project, $"{Project}.csproj");
}

/// <summary>A volume as one service sees it.</summary>
/// <param name="Volume">Its name in <see cref="Stack.Volumes"/>.</param>
/// <param name="ContainerPath">Where a container sees it.</param>
internal sealed record Mount(string Volume, string ContainerPath);
