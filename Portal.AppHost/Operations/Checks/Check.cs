namespace Portal.AppHost.Operations.Checks;

internal enum Outcome
{
    Good,

    /// <summary>Works, and somebody should look at it.</summary>
    Notable,
    Failed,
}

/// <summary>One thing that was looked at.</summary>
/// <param name="Subject">What, such as <c>api</c> or <c>certificate</c>.</param>
/// <param name="Seen">What was seen.</param>
/// <param name="Next">What to do about it; null where nothing is.</param>
internal sealed record Check(string Subject, Outcome Outcome, string Seen, string? Next = null)
{
    public static Check Good(string subject, string seen) => new(subject, Outcome.Good, seen);

    public static Check Notable(string subject, string seen, string next) => new(subject, Outcome.Notable, seen, next);

    public static Check Failed(string subject, string seen, string next) => new(subject, Outcome.Failed, seen, next);
}
