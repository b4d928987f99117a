using Portal.AppHost.Tests.CommandLine;

namespace Portal.AppHost.Tests.Manifests;

/// <summary>
/// The manifests of every kind of stack, as files beside this one: a change of the topology is seen in a review. <c>PORTAL_GOLDEN=write</c> writes
/// them anew.
/// </summary>
public sealed class GoldenManifestTests
{
    private static readonly string Golden = Path.Combine(PortalProgram.Repository.Root, "tests", "Portal.AppHost.Tests", "Manifests", "golden");

    public static TheoryData<string> Cases => [.. Published.Cases.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_stack_is_published_as_its_golden_files_say(string name)
    {
        var publication = Published.Of(name);
        // Dashboards and scripts are files of the repository themselves.
        var files = publication.Files.Where(file => file.Path.EndsWith(".yaml", StringComparison.Ordinal) || file.Path.StartsWith("edge/", StringComparison.Ordinal) || file.Path.StartsWith("gateway/", StringComparison.Ordinal))
            .ToDictionary(file => file.Path, file => file.Content);
        files["variables"] = string.Concat(publication.Variables.Select(variable => $"{variable.Name}={variable.Value ?? "(made once)"}\n"));
        var folder = Path.Combine(Golden, name);
        if (Environment.GetEnvironmentVariable("PORTAL_GOLDEN") == "write") Write(folder, files);

        Assert.Equal(Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder, file)).Order(StringComparer.Ordinal),
            files.Keys.Order(StringComparer.Ordinal));
        Assert.All(files, file => Assert.Equal(File.ReadAllText(Path.Combine(folder, file.Key)), file.Value));
    }

    private static void Write(string folder, Dictionary<string, string> files)
    {
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        foreach (var (path, content) in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, path))!);
            File.WriteAllText(Path.Combine(folder, path), content);
        }
    }
}
