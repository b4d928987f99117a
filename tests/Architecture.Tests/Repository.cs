namespace Architecture.Tests;

/// <summary>The source tree this test was built from, without what builds and tools leave in it.</summary>
internal static class Repository
{
    private static readonly HashSet<string> Generated = new(StringComparer.OrdinalIgnoreCase)
    {
        ".git", ".portal", ".vs", ".idea", ".vscode", "artifacts", "bin", "obj", "node_modules", "TestResults", "__pycache__",
    };

    private static readonly string[] TextEndings =
    [
        ".cs", ".razor", ".csproj", ".props", ".targets", ".sln", ".json", ".md", ".sql", ".css", ".js", ".mjs", ".html", ".xml", ".yml", ".yaml",
        ".sh", ".ps1", ".txt", ".toml", ".svg", ".editorconfig", ".gitignore", ".gitattributes", ".dockerignore",
    ];

    /// <summary>The folder of Portal.sln, found upwards from where the test's assembly lies (artifacts/bin/…).</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Every source file, relative to the root, with forward slashes.</summary>
    public static IReadOnlyList<string> Files { get; } =
        [.. Enumerate(new DirectoryInfo(Root)).Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/')).Order(StringComparer.Ordinal)];

    /// <summary>Files that are text, those without an ending (launchers) too.</summary>
    public static IEnumerable<string> TextFiles => Files.Where(file =>
        Path.GetExtension(file).Length == 0 || TextEndings.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase));

    public static string[] Lines(string file) => File.ReadAllLines(Path.Combine(Root, file));

    public static string Text(string file) => File.ReadAllText(Path.Combine(Root, file));

    /// <summary>The first folder of a path: the room a file belongs to.</summary>
    public static string Room(string file) => file.Split('/')[0];

    private static IEnumerable<string> Enumerate(DirectoryInfo folder)
    {
        foreach (var file in folder.EnumerateFiles()) yield return file.FullName;
        foreach (var child in folder.EnumerateDirectories().Where(child => !Generated.Contains(child.Name) && child.LinkTarget is null))
            foreach (var file in Enumerate(child)) yield return file;
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Portal.sln"))) return folder.FullName;
        throw new InvalidOperationException($"No Portal.sln above {AppContext.BaseDirectory}: these tests run from the repository's artifacts folder.");
    }
}
