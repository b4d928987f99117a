using Npgsql;
using Portal.TimeSeries;

namespace Fleet.Aggregator.Measurements;

/// <summary>
/// What the push does in the transaction that writes its rows, besides writing them. Both run again, in a new transaction, whenever that has to
/// be repeated, so they keep nothing from one run to the next.
/// </summary>
/// <param name="Open">
/// First of all but the customers' locks: which of the posts are to be written. What is left out (a batch that was taken before) has no effect.
/// </param>
/// <param name="Close">
/// Last: batch ids, events, what is remembered of devices. The set's <see cref="WriteSet.Posts"/> and <see cref="WriteSet.Results"/> go together.
/// </param>
/// <remarks>
/// Rows of <c>fleet."Customers"</c> are updated in the order of their keys. An insert that may meet another transaction's says <c>ON CONFLICT</c>:
/// a unique violation is taken for a measurement that is there already.
/// </remarks>
internal sealed record PushSteps(
    Func<NpgsqlConnection, NpgsqlTransaction, IReadOnlyList<ReceivedPost>, CancellationToken, Task<IReadOnlyList<ReceivedPost>>> Open,
    Func<NpgsqlConnection, NpgsqlTransaction, WriteSet, CancellationToken, Task> Close
)
{
    /// <summary>Writes all posts and nothing else.</summary>
    public static readonly PushSteps None = new((_, _, posts, _) => Task.FromResult(posts), (_, _, _, _) => Task.CompletedTask);
}
