using Portal.AppHost.Processes;

namespace Portal.AppHost.Local;

/// <summary>The clone that this program was built in: where the projects and what was built of them lie.</summary>
internal sealed class Repository
{
    private readonly string _configuration;

    /// <param name="configuration">The folder of what was built: <c>debug</c> or <c>release</c>.</param>
    public Repository(string root, string configuration) => (Root, _configuration) = (root, configuration);

    public string Root { get; }

    /// <summary>The <c>dotnet</c> that runs this program, so that the services run on the same.</summary>
    public static string Dotnet { get; } =
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath!
        : Environment.GetEnvironmentVariable("DOTNET_ROOT") is { Length: > 0 } root && File.Exists(Path.Combine(root, "dotnet")) ? Path.Combine(root, "dotnet")
        : Command.Find("dotnet") ?? "dotnet";

    /// <summary>The clone around the program that runs: everything is built below <c>artifacts/bin/PROJECT/CONFIGURATION</c>.</summary>
    public static Repository Find()
    {
        var start = new DirectoryInfo(AppContext.BaseDirectory);
        for (var folder = start; folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Portal.sln"))) return new(folder.FullName, start.Name);
        throw new UsageException($"{start.FullName} is not inside a clone of the repository (no Portal.sln above it). Run ./portal there.");
    }

    /// <summary>What a project's build made of it.</summary>
    public string Program(string project) => Path.Combine(Root, "artifacts", "bin", project, _configuration, $"{project}.dll");
}
