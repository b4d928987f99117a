using Portal.Domain.Texts;

namespace Portal.AppHost.Operations.Deployment;

/// <summary>Many stacks, one after the other: the canary first, and none after one that fails.</summary>
/// <param name="update">Brings the stack of a directory to a version, with a backup first or without; what it returns is the exit code.</param>
/// <param name="file">Where <see cref="RolloutState"/> is kept.</param>
internal sealed class Rollout(Func<string, string?, bool, CancellationToken, Task<int>> update, string file, TimeProvider clock)
{
    /// <summary>A new rollout.</summary>
    /// <param name="directories">Each with one stack.</param>
    /// <param name="canary">The first of them; null: the first that was named.</param>
    /// <exception cref="UsageException">One is none, or one before was not finished.</exception>
    public RolloutState Begin(IReadOnlyList<string> directories, string? canary, string? version, bool backup)
    {
        List<string> ordered = [.. (canary is null ? directories : directories.Prepend(canary)).Select(directory => Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory))).Distinct()];
        if (ordered.Count == 0) throw new UsageException("No directory was named; nothing was changed. Name the directories of the stacks to update, such as /srv/portal/*/.");
        foreach (var directory in ordered) DeployedStack.Open(directory);
        if (RolloutState.Read(file) is { IsDone: false } before)
            throw new UsageException($"A rollout of {before.Version ?? "the manifests"} that began {before.StartedAt:yyyy-MM-dd HH:mm} UTC was not finished ({file}). Nothing was changed. Go on with it by --resume, or remove that file.");
        return new(version, backup, clock.GetUtcNow(), [.. ordered.Select(directory => new RolloutStack(directory, RolloutPhase.Waiting))]);
    }

    /// <summary>The rollout that was not finished.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    public RolloutState Resume() => RolloutState.Read(file) switch
    {
        null => throw new UsageException($"There is nothing to resume: {file} is not there. Nothing was changed. Name the directories of the stacks to update."),
        { IsDone: true } done => throw new UsageException($"The rollout of {done.Version ?? "the manifests"} is finished ({file}). Nothing was changed. Begin another without --resume."),
        var state => state,
    };

    /// <summary>What is still to be done.</summary>
    public Plan PlanOf(RolloutState state)
    {
        var plan = new Plan($"Roll out {state.Version ?? "the manifests of this version"} to {Counted.Of(state.Stacks.Count, "stack")}, one after the other, and stop at the first that fails:");
        plan.Remark($"How far it is stands in {file}; --resume goes on.");
        var done = state.Stacks.Count(stack => stack.Phase == RolloutPhase.Done);
        if (done > 0) plan.Remark($"{done} are done already.");
        foreach (var stack in state.Stacks.Where(stack => stack.Phase != RolloutPhase.Done))
        {
            var canary = stack == state.Stacks[0] ? ", the canary" : "";
            plan.Add($"Update {stack.Directory}{canary}", $"./portal update --directory {stack.Directory}{(state.Version is { } version ? $" --version {version}" : "")}{(state.Backup ? "" : " --no-backup")}", "The stacks after it.", async cancel =>
            {
                await MarkAsync(stack.Directory, RolloutPhase.Updating);
                var exitCode = -1;
                try
                {
                    exitCode = await update(stack.Directory, state.Version, state.Backup, cancel);
                }
                finally
                {
                    await MarkAsync(stack.Directory, exitCode == 0 ? RolloutPhase.Done : RolloutPhase.Failed);
                }

                if (exitCode != 0) throw new StepFailedException($"{stack.Directory} is not as it should be; see above.", "Do what is said above. Say --resume to go on with it and those after it.");
            });
        }

        return plan;

        Task MarkAsync(string directory, RolloutPhase phase)
        {
            state = state.With(directory, phase, clock.GetUtcNow());
            return state.WriteAsync(file);
        }
    }
}
