using System.Text.Json;

namespace Portal.AppHost.Operations;

/// <summary>A step of a plan. It must be safe to do twice: whoever saw it fail runs the same command again.</summary>
/// <param name="Title">In the imperative.</param>
/// <param name="Runs">What it runs or writes; no secret.</param>
/// <param name="Unchanged">What is as it was where this step fails, in a sentence.</param>
/// <param name="Act">Does it. Returns what there is to say besides "done", or null.</param>
internal sealed record Step(string Title, string Runs, string Unchanged, Func<CancellationToken, Task<string?>> Act)
{
    /// <summary>Done where the step fails or is interrupted, also before it began; says how things are then. Null: nothing is to be done.</summary>
    public Func<Task<string>>? Recover { get; init; }
}

/// <summary>What a command is going to do, shown before it acts; then done step by step until one fails.</summary>
/// <param name="heading">What it is all for: which stack, where.</param>
internal sealed class Plan(string heading)
{
    /// <summary>A step failed, and said how things are.</summary>
    private const int Failed = 1;

    private readonly List<Step> _steps = [];
    private readonly List<string> _remarks = [];

    /// <summary>A line below the heading: what a person should know before they say yes.</summary>
    public void Remark(string text) => _remarks.Add(text);

    public void Add(string title, string runs, string unchanged, Func<CancellationToken, Task<string?>> act, Func<Task<string>>? recover = null) =>
        _steps.Add(new(title, runs, unchanged, act) { Recover = recover });

    public void Add(string title, string runs, string unchanged, Func<CancellationToken, Task> act) => Add(title, runs, unchanged, async cancel =>
    {
        await act(cancel);
        return (string?)null;
    });

    /// <summary>Shows the plan, asks, and does it.</summary>
    /// <returns>0: done, or only shown. 1: a step failed, or the person said no.</returns>
    /// <exception cref="UsageException">There is nobody to ask; nothing was changed.</exception>
    public async Task<int> RunAsync(Consent consent, TextWriter output, CancellationToken cancel)
    {
        await ShowAsync(output);
        if (consent.DryRun) return 0;
        if (!await consent.AskAsync(output, cancel))
        {
            await output.WriteLineAsync("Nothing was changed.");
            return Failed;
        }

        for (var at = 0; at < _steps.Count; at++)
        {
            await output.WriteAsync($"{at + 1}. {_steps[at].Title}: ");
            await output.FlushAsync(CancellationToken.None);
            try
            {
                cancel.ThrowIfCancellationRequested();
                var said = await _steps[at].Act(cancel);
                await output.WriteLineAsync(said is null ? "done" : $"done. {said}");
            }
            catch (Exception e) when (e is StepFailedException or UsageException or IOException or UnauthorizedAccessException or HttpRequestException or JsonException or OperationCanceledException)
            {
                await FailAsync(at, e, output, cancel.IsCancellationRequested);
                return Failed;
            }
        }

        return 0;
    }

    private async Task ShowAsync(TextWriter output)
    {
        await output.WriteLineAsync(heading);
        foreach (var remark in _remarks) await output.WriteLineAsync($"  {remark}");
        for (var at = 0; at < _steps.Count; at++)
        {
            await output.WriteLineAsync($"  {at + 1}. {_steps[at].Title}");
            await output.WriteLineAsync($"     {_steps[at].Runs}");
        }
    }

    private async Task FailAsync(int at, Exception error, TextWriter output, bool interrupted)
    {
        await output.WriteLineAsync(interrupted ? "interrupted" : "failed");
        if (!interrupted)
            foreach (var line in error.Message.Split('\n')) await output.WriteLineAsync($"   {line}");
        if (_steps[at].Recover is { } recover)
            foreach (var line in (await recover()).Split('\n')) await output.WriteLineAsync($"   {line}");
        await output.WriteLineAsync(at == 0 ? "Done: nothing." : $"Done: {Steps(1, at)}.");
        await output.WriteLineAsync($"Unchanged: {_steps[at].Unchanged}{(at + 1 < _steps.Count ? $" Not begun: {Steps(at + 2, _steps.Count)}." : "")}");
        await output.WriteLineAsync($"Next: {(error as StepFailedException)?.Next ?? "mend that."} Then run the same command again: each step may be done twice.");
    }

    private static string Steps(int from, int to) => from == to ? $"step {from}" : $"steps {from} to {to}";
}
