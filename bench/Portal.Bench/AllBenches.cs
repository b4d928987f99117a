using System.CommandLine;

namespace Portal.Bench;

/// <summary>Every benchmark but the overload after the other, each in its usual size. One that can't run here says so, and the others go on.</summary>
internal sealed class AllBenches : Command
{
    public AllBenches(IReadOnlyList<Command> benches)
        : base("all", "All of them but the overload, some fifteen minutes.") => SetAction((_, _) => RunAsync(benches));

    private static async Task<int> RunAsync(IReadOnlyList<Command> benches)
    {
        var failed = 0;
        foreach (var bench in benches)
        {
            Console.WriteLine($"\n{bench.Name}");
            try
            {
                failed += await bench.Parse([]).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
            }
            catch (InvalidOperationException exception)
            {
                await Console.Error.WriteLineAsync($"{bench.Name}: {exception.Message}");
                failed++;
            }
        }

        return failed == 0 ? 0 : 1;
    }
}
