namespace MeterSimulator.Portal;

/// <summary>What became of one attempt to post.</summary>
internal abstract record PostOutcome
{
    /// <summary>Answered after commit: the module may delete it.</summary>
    public sealed record Acknowledged(IngestAnswer Answer) : PostOutcome;

    /// <summary>Too large for the receiver: to be halved.</summary>
    public sealed record TooLarge(string Said) : PostOutcome;

    /// <summary>The receiver can't read it and never will.</summary>
    public sealed record Refused(string Said) : PostOutcome;

    /// <summary>To be kept and repeated, after <paramref name="Wait"/> where the receiver named a time.</summary>
    public sealed record TryAgain(string Said, TimeSpan? Wait) : PostOutcome;
}
