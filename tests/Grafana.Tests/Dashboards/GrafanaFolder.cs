namespace Grafana.Tests.Dashboards;

/// <summary>The repository's folder <c>grafana/</c>.</summary>
internal static class GrafanaFolder
{
    public static string Root { get; } = Path.Combine(RepositoryRoot(), "grafana");

    public static string Repository => Path.GetDirectoryName(Root)!;

    /// <summary>Every dashboard, by its path below <see cref="Root"/>.</summary>
    public static IReadOnlyList<DashboardFile> Dashboards { get; } =
        [.. Directory.EnumerateFiles(Root, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(file => new DashboardFile(Path.GetRelativePath(Root, file)))];

    private static string RepositoryRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Portal.sln"))) return folder.FullName;
        throw new InvalidOperationException($"No Portal.sln above {AppContext.BaseDirectory}: these tests run from the repository's artifacts folder.");
    }
}
