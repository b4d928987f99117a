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

    /// <summary>The container image of what isn't ours, with its tag.</summary>
    public string ForeignImage { get; init; } = "";

    /// <summary>Our container image, without registry and tag.</summary>
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

    /// <summary>The port of <see cref="ReadyPath"/>, where that isn't the one everybody asks.</summary>
    public int? ReadyPort { get; init; }

    /// <summary>
    /// What a container runs to say whether it is healthy. Our images hold neither curl nor a shell that anything leans on: the program asks itself, from
    /// the folder where its files lie (<c>WORKDIR</c>).
    /// </summary>
    public IReadOnlyList<string> HealthCommand
    {
        get => field ?? ["dotnet", $"{Project}.dll", "--probe", $"http://127.0.0.1:{ReadyPort ?? ContainerPort}{ReadyPath}"];
        init;
    }

    /// <summary>What runs in the container in place of what the image says.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary>The user and group that a container runs as.</summary>
    public int UserId { get; init; } = 1000;

    /// <summary>Groups that its user is in besides, to read what another service's user keeps on a volume.</summary>
    public IReadOnlyList<int> Groups { get; init; } = [];

    /// <summary>The most that it may take.</summary>
    public Resources Limits { get; init; } = new(1, 512);

    /// <summary>Folders that it writes to and that may be empty at each start; the rest of a container is read-only.</summary>
    public IReadOnlyList<string> Scratch { get; init; } = ["/tmp"];

    /// <summary>What it is given to read: folders of the directory that a stack is published to. Their contents may change while it runs.</summary>
    public IReadOnlyList<Mount> Files { get; init; } = [];

    /// <summary>Whether it calls something outside its stack.</summary>
    public bool CallsOut { get; init; }

    /// <summary>Whether copies of it share the work; otherwise one runs at a time.</summary>
    public bool Scales { get; init; }

    /// <summary>Whether it talks to the stack's database.</summary>
    public bool UsesDatabase => Environment.Values.OfType<Setting.Database>().Any();

    /// <summary>The project file, relative to the repository's root.</summary>
    public string ProjectFile => Path.Combine(ProjectFolder, Project, $"{Project}.csproj");
}

/// <summary>What a container may take.</summary>
/// <param name="Cpus">Cores.</param>
internal sealed record Resources(double Cpus, int MemoryMiB);

/// <summary>A volume as one service sees it.</summary>
/// <param name="Volume">Its name in <see cref="Stack.Volumes"/>.</param>
/// <param name="ContainerPath">Where a container sees it.</param>
internal sealed record Mount(string Volume, string ContainerPath);
