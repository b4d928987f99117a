namespace Portal.AppHost.Processes;

/// <summary>Where a supervised child is in its life.</summary>
public enum ProcessPhase
{
    /// <summary>Runs, and has not been ready yet.</summary>
    Starting,

    /// <summary>Does its work.</summary>
    Ready,

    /// <summary>Runs, was ready, and is not any more.</summary>
    NotAnswering,

    /// <summary>Ended by itself; waits to be started again.</summary>
    Restarting,

    /// <summary>Was asked to end.</summary>
    Stopping,

    /// <summary>Ended as asked.</summary>
    Stopped,
}

/// <summary>A supervised child at one moment.</summary>
/// <param name="Process">Who it is; null while none runs.</param>
/// <param name="Restarts">How often it had to be started again.</param>
/// <param name="ExitCode">How it ended last; null when it has not ended yet. 128 + n when signal n ended it.</param>
/// <param name="Wait">How long it waits before it is started again; null when it doesn't wait.</param>
public sealed record SupervisedState(ProcessPhase Phase, ProcessIdentity? Process, int Restarts, int? ExitCode, TimeSpan? Wait);
