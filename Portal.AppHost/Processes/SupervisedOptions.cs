namespace Portal.AppHost.Processes;

/// <summary>How a child is kept running.</summary>
public sealed record SupervisedOptions
{
    /// <summary>How others call it.</summary>
    public required string Name { get; init; }

    /// <summary>Whether it can do its work. An outage is an answer, not an error.</summary>
    public required Func<CancellationToken, Task<bool>> IsReady { get; init; }

    /// <summary>Time between two questions while it is not ready.</summary>
    public TimeSpan PollWhenStarting { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Time between two questions once it is ready.</summary>
    public TimeSpan PollWhenReady { get; init; } = TimeSpan.FromSeconds(2);

    public Backoff Backoff { get; init; } = new();

    /// <summary>The signal that asks it to end.</summary>
    public int StopSignal { get; init; } = Signal.Terminate;

    /// <summary>How long it may take to end.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>Takes what the supervisor itself has to say into the child's log.</summary>
    public Action<string> Line { get; init; } = _ => { };

    /// <summary>Is told every change of state, before and after. Must not block.</summary>
    public Action<SupervisedState, SupervisedState> Changed { get; init; } = (_, _) => { };
}
