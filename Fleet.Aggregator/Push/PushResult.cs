using Portal.Contracts.Fleet;

namespace Fleet.Aggregator.Push;

/// <summary>What became of a batch, all of it durable.</summary>
/// <param name="Repeated">It had been accepted before: the answer is the one given then, and nothing was done again.</param>
/// <param name="RejectedByReason">Rejected rows by reason; empty where it was repeated.</param>
/// <param name="Conflicts">Rows with a value that differs from the stored one, which stays.</param>
internal sealed record PushResult(PushAnswer Answer, bool Repeated, IReadOnlyDictionary<string, int> RejectedByReason, int Conflicts)
{
    public static readonly IReadOnlyDictionary<string, int> NoneRejected = new Dictionary<string, int>();
}
