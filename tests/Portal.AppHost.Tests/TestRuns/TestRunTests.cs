using Portal.AppHost.Local;
using Portal.AppHost.TestRuns;

namespace Portal.AppHost.Tests.TestRuns;

public sealed class TestRunTests : IDisposable
{
    private const string Passing = """<UnitTestResult testName="A.Holds" outcome="Passed" />""";
    private const string Failing =
        """<UnitTestResult testName="A.Does_not_hold" outcome="Failed"><Output><ErrorInfo><Message>Expected: 1\nActual: 2</Message><StackTrace>   at A.Does_not_hold()</StackTrace></ErrorInfo></Output></UnitTestResult>""";

    private readonly string _root = Directory.CreateTempSubdirectory("tau-test-run-").FullName;
    private readonly StringWriter _output = new();

    public TestRunTests() => File.WriteAllText(
        Path.Combine(_root, "Portal.sln"),
        """
        Project("{FAE0}") = "One.Tests", "tests\One.Tests\One.Tests.csproj", "{1}"
        Project("{FAE0}") = "Two.Tests", "tests\Two.Tests\Two.Tests.csproj", "{2}"
        Project("{FAE0}") = "Portal.Testing", "tests\Portal.Testing\Portal.Testing.csproj", "{3}"
        """);

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task The_last_line_is_the_sum_over_all_projects()
    {
        var exitCode = await RunAsync(Results("One.Tests", Passing + Passing) + Results("Two.Tests", Passing));

        Assert.Equal((0, "3 passed, 0 failed"), (exitCode, LastLine));
    }

    [Fact]
    public async Task A_failed_test_is_named_with_its_message()
    {
        var exitCode = await RunAsync(Results("One.Tests", Passing + Failing) + Results("Two.Tests", Passing) + "exit 1\n");

        Assert.Equal((1, "2 passed, 1 failed"), (exitCode, LastLine));
        Assert.Contains("A.Does_not_hold", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("Expected: 1", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_project_that_did_not_build_is_a_failure()
    {
        var exitCode = await RunAsync(Results("One.Tests", Passing) + "echo 'X.cs(1,1): error CS1002: ; expected'\nexit 1\n");

        Assert.Equal((1, "1 passed, 1 failed"), (exitCode, LastLine));
        Assert.Contains("error CS1002", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("Two.Tests", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_crashed_after_its_first_test_is_a_failure()
    {
        const string Crash = """</Results><ResultSummary outcome="Failed"><RunInfos><RunInfo outcome="Error"><Text>The active test run was aborted.</Text></RunInfo></RunInfos></ResultSummary><Results>""";

        var exitCode = await RunAsync(Results("One.Tests", Passing + Crash) + Results("Two.Tests", Passing));

        Assert.Equal((1, "2 passed, 1 failed"), (exitCode, LastLine));
    }

    [Fact]
    public async Task An_error_without_a_failed_test_is_a_failure()
    {
        var exitCode = await RunAsync(Results("One.Tests", Passing) + Results("Two.Tests", Passing) + "exit 1\n");

        Assert.Equal((1, "2 passed, 1 failed"), (exitCode, LastLine));
    }

    [Fact]
    public async Task A_project_without_tests_of_the_tier_is_none()
    {
        var exitCode = await RunAsync(Results("One.Tests", Passing) + "echo 'No test matches the given testcase filter `Tier=soak` in /x/Two.Tests.dll'\n");

        Assert.Equal((0, "1 passed, 0 failed"), (exitCode, LastLine));
    }

    [Fact]
    public async Task A_tier_that_has_no_tests_yet_is_no_success()
    {
        var exitCode = await RunAsync("echo 'No test is available in /x/One.Tests.dll. Make sure'\necho 'No test is available in /x/Two.Tests.dll. Make sure'\n", TestTier.Soak);

        Assert.Equal((1, "0 passed, 0 failed"), (exitCode, LastLine));
        Assert.Contains("No test belongs to the tier 'soak' yet.", _output.ToString(), StringComparison.Ordinal);
    }

    private string LastLine => _output.ToString().TrimEnd('\n').Split('\n')[^1];

    private Task<int> RunAsync(string script, TestTier? tier = null) =>
        new TestRun(new Repository(_root, "debug"), [tier ?? TestTier.Ordinary], _output, TimeProvider.System, ["/bin/sh", "-c", script, "tests"]).RunAsync(CancellationToken.None);

    /// <summary>A piece of script that leaves a result file as the test runner does.</summary>
    private static string Results(string project, string results) =>
        $"""
        cat >"$1/{project}.trx" <<'TRX'
        <TestRun xmlns="http://microsoft.com/schemas/VisualStudio/TeamTest/2010"><Results>{results}</Results>
        <TestDefinitions><UnitTest><TestMethod codeBase="/x/{project}.dll" /></UnitTest></TestDefinitions></TestRun>
        TRX

        """;
}
