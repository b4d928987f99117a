using System.Text.RegularExpressions;

namespace Architecture.Tests;

/// <summary>The sources build anywhere: nothing in them knows the machine they were written on.</summary>
public sealed partial class PortabilityTests
{
    [Fact]
    public void No_file_names_a_path_of_somebodys_machine()
    {
        // A checkout in a container may lie in /src or /app, words that a Dockerfile says too.
        var isOwn = Repository.Root.Count(letter => letter is '/' or '\\') > 1;
        List<string> strays = [];
        foreach (var file in Repository.TextFiles)
        {
            foreach (var (number, line) in Repository.Lines(file).Index())
            {
                if ((isOwn && line.Contains(Repository.Root, StringComparison.Ordinal)) || Personal().IsMatch(line))
                    strays.Add($"{file}:{number + 1}: {line.Trim()}");
            }
        }

        Assert.True(strays.Count == 0, string.Join(Environment.NewLine, strays));
    }

    [Fact]
    public void Packages_come_from_whatever_feed_the_machine_has()
    {
        Assert.DoesNotContain(Repository.Files, file => Path.GetFileName(file).Equals("nuget.config", StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(
            Repository.Files.Where(file => Path.GetFileName(file) == ".npmrc").SelectMany(Repository.Lines),
            line => Regex.IsMatch(line, @"^\s*(@[^:]+:)?registry\s*=|^\s*//"));
        // The address a lock file resolved a package from is that of the feed the writer's machine had.
        Assert.DoesNotContain(
            Repository.Files.Where(file => Path.GetFileName(file) == "package-lock.json").SelectMany(Repository.Lines),
            line => line.Contains("\"resolved\": \"http", StringComparison.Ordinal) && !line.Contains("//registry.npmjs.org/", StringComparison.Ordinal));
    }

    [Fact]
    public void Files_end_their_lines_alike_on_every_machine()
    {
        var strays = Repository.TextFiles.Where(file => !file.EndsWith(".sln", StringComparison.Ordinal) && Repository.Text(file).Contains('\r', StringComparison.Ordinal));

        Assert.Empty(strays);
    }

    // Home folders, and folders that only one machine has at its root or among its temporary files.
    [GeneratedRegex("""(?<![\w.~$})*-])(/(?:home|Users)/\w|/(?:root|work)/|/tmp/[a-z]+/\w|[A-Z]:\\(?:Users)\\)""")]
    private static partial Regex Personal();
}
