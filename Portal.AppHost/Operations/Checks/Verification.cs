using Portal.AppHost.Manifests;
using Portal.Domain.Texts;

namespace Portal.AppHost.Operations.Checks;

/// <summary>Every check of a running stack: what <c>./portal verify</c> shows, and what an update must pass.</summary>
internal sealed class Verification(DeployedStack stack, StackHost host, PublicAddress address, TimeProvider clock)
{
    // The longest subject: "certificate of" and a code stand apart.
    private const int SubjectWidth = 16;

    /// <summary>Runs all checks, one after the other, and shows each as it is known.</summary>
    /// <returns>Whether none failed.</returns>
    public async Task<bool> RunAsync(TextWriter output, CancellationToken cancel)
    {
        List<Check> failed = [];
        var count = 0;
        await foreach (var check in ChecksAsync(cancel).WithCancellation(cancel))
        {
            count++;
            if (check.Outcome == Outcome.Failed) failed.Add(check);
            await output.WriteLineAsync($"{Mark(check.Outcome)} {check.Subject.PadRight(SubjectWidth)} {stack.Redacted(check.Seen)}");
            if (check.Next is { } next) await output.WriteLineAsync($"{new string(' ', SubjectWidth + 8)}{next}");
        }

        await output.WriteLineAsync(failed.Count == 0 ? $"{stack.Code}: all {count} checks are good." : $"{stack.Code}: {failed.Count} of {Counted.Of(count, "check")} failed: {string.Join(", ", failed.Select(check => check.Subject))}.");
        return failed.Count == 0;
    }

    private async IAsyncEnumerable<Check> ChecksAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        var database = new DatabaseChecks(stack, new StackDatabase(stack, host), clock);
        IAsyncEnumerable<Check>[] groups = stack.Kind == StackKind.Edge
            ? [new ServiceChecks(stack, host).RunAsync(cancel), new EdgeChecks(stack, address, clock).RunAsync(cancel)]
            : [new ServiceChecks(stack, host).RunAsync(cancel), new PublicChecks(stack.PublicUrl!, stack.Directory.Root, address, clock).RunAsync(cancel), database.RunAsync(cancel), new DiskChecks(stack, host).RunAsync(cancel)];
        foreach (var group in groups)
            await foreach (var check in group.WithCancellation(cancel))
                yield return check;
    }

    private static string Mark(Outcome outcome) => outcome switch
    {
        Outcome.Good => "ok    ",
        Outcome.Notable => "look  ",
        _ => "FAILED",
    };
}
