namespace Portal.AppHost.Operations;

/// <summary>A step of a plan could not be done.</summary>
/// <param name="message">What failed, with what the tool said last; no secret.</param>
/// <param name="next">What to do next, where running the same command again is not all.</param>
internal sealed class StepFailedException(string message, string? next = null) : Exception(message)
{
    public string? Next { get; } = next;
}
