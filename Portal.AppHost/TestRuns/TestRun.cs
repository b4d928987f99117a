using System.Globalization;
using System.Text.RegularExpressions;
using Portal.AppHost.Local;
using Portal.AppHost.Processes;

namespace Portal.AppHost.TestRuns;

/// <summary>Runs the solution's tests and says how they went; the last line is <c>N passed, N failed</c> whatever happens.</summary>
/// <param name="tiers">Run one after the other, and summed up.</param>
/// <param name="command">What runs the tests and leaves result files in the folder that it is given last; null for <c>dotnet test</c>.</param>
internal sealed partial class TestRun(Repository repository, IReadOnlyList<TestTier> tiers, TextWriter output, TimeProvider clock, IReadOnlyList<string>? command = null)
{
    private const int StackLines = 6;
    private const int MessageLines = 30;
    private const int MostFailuresShown = 50;

    // Bounded by the number of projects, and of distinct lines that a failing build prints.
    private readonly HashSet<string> _withoutTests = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _buildErrors = [];
    private readonly Lock _lock = new();

    /// <returns>0 when at least one test passed and none failed.</returns>
    public async Task<int> RunAsync(CancellationToken cancel)
    {
        var from = clock.GetTimestamp();
        int passed = 0, skipped = 0, failed = 0;
        string? notTried = null;
        foreach (var tier in tiers)
        {
            var (results, problems) = await RunAsync(tier, cancel);
            passed += results.Sum(project => project.Passed);
            skipped += results.Sum(project => project.Skipped);
            failed += problems.Count;
            if (tier == TestTier.Containers) notTried = Environment.GetEnvironmentVariable(ContainerEnvironment.ReasonVariable);
            if (results.Sum(project => project.Passed + project.Skipped) + problems.Count == 0) await output.WriteLineAsync($"No test belongs to the tier '{tier.Name}' yet.");
        }

        await output.WriteLineAsync();
        if (notTried is not null) await output.WriteLineAsync($"!!! {notTried}");
        if (skipped > 0) await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{skipped} skipped"));
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"took {clock.GetElapsedTime(from):m\\:ss} min"));
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{passed} passed, {failed} failed"));
        return failed == 0 && passed > 0 ? 0 : 1;
    }

    private async Task<(IReadOnlyList<ProjectResults> Results, IReadOnlyList<FailedTest> Failed)> RunAsync(TestTier tier, CancellationToken cancel)
    {
        var folder = Path.Combine(repository.Root, "artifacts", "test-results", tier.Name);
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(folder);
        using var log = new LogFile(Path.Combine(folder, "output.log"));
        var environment = tier == TestTier.Containers && command is null ? new ContainerEnvironment(repository, line => Tell(line, log)) : null;
        try
        {
            if (environment is not null && !await environment.UpAsync(cancel)) return ([], Shown([new("containers", "the environment did not start", $"See {folder}/output.log", "")]));
            var exitCode = await Command.StreamAsync(command is null ? DotnetTest(tier, folder) : [.. command, folder], repository.Root, line => Take(line, log), cancel);
            var results = TestResults.Read(folder);
            var failed = results.SelectMany(project => project.Failed).Concat(NotRun(tier, folder, results)).ToList();
            if (exitCode != 0 && failed.Count == 0) failed.Add(new("dotnet test", "ended with an error", $"exit code {exitCode}; see {folder}/output.log", ""));
            return (results, Shown(failed));
        }
        finally
        {
            if (environment is { NotTried: null }) await environment.DownAsync();
        }
    }

    private static string[] DotnetTest(TestTier tier, string folder) =>
    [
        Repository.Dotnet, "test", tier.Target, "--nologo", "--logger", "trx", "--results-directory", folder, "--filter", tier.Filter,
        "--", $"RunConfiguration.TestSessionTimeout={tier.Limit.TotalMilliseconds:0}",
    ];

    private void Tell(string line, LogFile log)
    {
        log.Write(line);
        lock (_lock) output.WriteLine($"  {line}");
    }

    private void Take(string line, LogFile log)
    {
        log.Write(line);
        lock (_lock)
        {
            if (NoTests().Match(line) is { Success: true } none) _withoutTests.Add(Path.GetFileNameWithoutExtension(none.Groups[1].Value));
            else if (Summary().Match(line) is { Success: true } summary)
                output.WriteLine($"  {summary.Groups["project"].Value,-24} {summary.Groups["passed"].Value,5} passed {summary.Groups["failed"].Value,4} failed {summary.Groups["skipped"].Value,4} skipped  {summary.Groups["took"].Value}");
            else if (BuildError().IsMatch(line) && _buildErrors.Add(line.Trim())) output.WriteLine(line.Trim());
            else if (FailedNow().IsMatch(line)) output.WriteLine(line);
        }
    }

    /// <summary>A project that left no results did not build, or its process ended; unless it has no tests for this tier.</summary>
    private IEnumerable<FailedTest> NotRun(TestTier tier, string folder, IReadOnlyList<ProjectResults> results)
    {
        if (tier.Target is not "Portal.sln") return results.Count > 0 ? [] : [new(Path.GetFileNameWithoutExtension(tier.Target), "did not run", $"See {folder}/output.log", "")];
        var projects = TestProject().Matches(File.ReadAllText(Path.Combine(repository.Root, "Portal.sln"))).Select(match => match.Groups[1].Value);
        return projects
            .Where(project => !_withoutTests.Contains(project) && !results.Any(found => string.Equals(found.Project, project, StringComparison.OrdinalIgnoreCase)))
            .Select(project => new FailedTest(project, "did not run", $"It did not build, or its process ended. See {folder}/output.log", ""));
    }

    private List<FailedTest> Shown(List<FailedTest> failed)
    {
        foreach (var project in failed.Take(MostFailuresShown).GroupBy(test => test.Project))
        {
            output.WriteLine();
            output.WriteLine(project.Key);
            foreach (var test in project)
            {
                output.WriteLine($"  ✗ {test.Name}");
                foreach (var line in test.Message.Split('\n').Take(MessageLines)) output.WriteLine($"      {line.TrimEnd()}");
                foreach (var line in test.Stack.Split('\n').Where(line => line.Contains(repository.Root, StringComparison.Ordinal)).Take(StackLines))
                    output.WriteLine($"      {line.Trim().Replace(repository.Root + "/", "", StringComparison.Ordinal)}");
            }
        }

        if (failed.Count > MostFailuresShown) output.WriteLine($"… and {failed.Count - MostFailuresShown} more");
        return failed;
    }

    // "Passed!  - Failed:     0, Passed:    85, Skipped:     2, Total:    87, Duration: 34 s - Portal.Data.Tests.dll (net10.0)"
    [GeneratedRegex(@"^(?:Passed|Failed|Skipped)!\s+- Failed:\s+(?<failed>\d+), Passed:\s+(?<passed>\d+), Skipped:\s+(?<skipped>\d+), Total:\s+\d+, Duration: (?<took>.+) - (?<project>.+)\.dll")]
    private static partial Regex Summary();

    [GeneratedRegex(@"No test (?:is available in|matches the given testcase filter .* in) (\S+\.dll)")]
    private static partial Regex NoTests();

    [GeneratedRegex(@"\berror [A-Z]+\d+\s*:")]
    private static partial Regex BuildError();

    [GeneratedRegex(@"^  Failed .+ \[.+\]$")]
    private static partial Regex FailedNow();

    [GeneratedRegex(@"""tests\\[^""]+\\([^""\\]+Tests)\.csproj""")]
    private static partial Regex TestProject();
}
