using System.CommandLine;
using Portal.AppHost.Local;
using Portal.AppHost.Terminal;
using Portal.AppHost.TestRuns;

namespace Portal.AppHost.CommandLine;

/// <summary><c>./portal test</c>: installs what the tests need where that may be, and runs them.</summary>
internal sealed class TestCommand : Command
{
    private readonly Option<bool> _containers = new("--containers") { Description = "Run only the tests that build and run containers." };
    private readonly Option<bool> _soak = new("--soak") { Description = "Run only the tests that take hours." };

    public TestCommand(TimeProvider clock)
        : base("test", "Run the tests; the last line is 'N passed, N failed'.")
    {
        Options.Add(_containers);
        Options.Add(_soak);
        Validators.Add(result =>
        {
            if (result.GetValue(_containers) && result.GetValue(_soak)) result.AddError("--containers and --soak are two runs; say one of them.");
        });
        SetAction((parsed, _) => RunAsync(Tier(parsed), clock));
    }

    private static async Task<int> RunAsync(TestTier tier, TimeProvider clock)
    {
        using var interruption = new Interruption();
        try
        {
            await PostgresInstallation.FindOrInstallAsync(Console.WriteLine, interruption.Stop);
        }
        catch (PostgresUnavailableException e) when (Environment.GetEnvironmentVariable("PORTAL_TEST_POSTGRES") is not { Length: > 0 })
        {
            // On a laptop the tests that need it are skipped, in CI they fail; either way the others run.
            Console.WriteLine(e.Message);
        }

        if (tier != TestTier.Containers) await Chromium.FindOrInstallAsync(Console.WriteLine, interruption.Stop);
        if (tier == TestTier.Ordinary) await DockerCompose.FindOrInstallAsync(Console.WriteLine, interruption.Stop);
        return await new TestRun(Repository.Find(), tier == TestTier.Ordinary ? [tier, TestTier.Containers] : [tier], Console.Out, clock).RunAsync(interruption.Stop);
    }

    private TestTier Tier(ParseResult parsed) =>
        parsed.GetValue(_containers) ? TestTier.Containers : parsed.GetValue(_soak) ? TestTier.Soak : TestTier.Ordinary;
}
