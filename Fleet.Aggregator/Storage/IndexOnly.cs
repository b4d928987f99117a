using Npgsql;

namespace Fleet.Aggregator.Storage;

/// <summary>
/// For statements that look up a few rows by their keys many times a second. Their plans are kept, and a plan that was made while a table had one page
/// reads all of it: by the time a hundred thousand devices are registered, all of them with each commit, until autovacuum comes by.
/// </summary>
/// <remarks>
/// A statement below it asks for its rows by <c>CROSS JOIN LATERAL (… LIMIT 1)</c>, or, where it updates them, by <c>= ANY (ARRAY[…])</c>: a plain
/// join may be turned around, or be made by reading an index from end to end. Further columns of the key are asked for by <c>BETWEEN x AND x</c>: an
/// <c>ANY</c> is used for the first column only where the planner takes a customer's rows for few, and then all of them are read for each one.
/// </remarks>
internal static class IndexOnly
{
    /// <summary>
    /// For the rest of the transaction, or of the batch where it is one by itself: no plan reads a whole table that has an index for what is asked. A
    /// plan that must all the same counts as very expensive, which is when plans are compiled: not here.
    /// </summary>
    public static NpgsqlBatchCommand Command() => new("SELECT set_config('enable_seqscan', 'off', true), set_config('jit', 'off', true)");
}
