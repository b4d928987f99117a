using System.CommandLine;
using Portal.AppHost.Local;
using Portal.AppHost.Terminal;

namespace Portal.AppHost.CommandLine;

/// <summary><c>./portal bench NAME</c>: builds the benchmarks in release and runs one. What it measures and its options are said by the benchmarks themselves.</summary>
internal sealed class BenchCommand : Command
{
    private readonly Argument<string[]> _arguments = new("name") { Description = "Which one, and its options; without any: which there are.", Arity = ArgumentArity.ZeroOrMore };

    public BenchCommand()
        : base("bench", "Measure speed, as ratios to a reference in the same run; results go to bench/results.")
    {
        Arguments.Add(_arguments);
        TreatUnmatchedTokensAsErrors = false;
        SetAction((parsed, _) => RunAsync([.. parsed.GetValue(_arguments) ?? [], .. parsed.UnmatchedTokens]));
    }

    private static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        using var interruption = new Interruption();
        await PostgresInstallation.FindOrInstallAsync(Console.WriteLine, interruption.Stop);
        string[] line =
        [
            Repository.Dotnet, "run", "--configuration", "Release", "--project", Path.Combine("bench", "Portal.Bench"), "--",
            .. arguments.Count == 0 ? (string[])["--help"] : arguments,
        ];
        return await Processes.Command.StreamAsync(line, Repository.Find().Root, Console.WriteLine, interruption.Stop);
    }
}
