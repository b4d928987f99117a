using Npgsql;

namespace Portal.TimeSeries;

/// <summary>
/// What a service does in the transaction that writes its rows. Both run again, in a new transaction, whenever that has to be repeated, so they
/// keep nothing from one run to the next.
/// </summary>
/// <param name="Open">
/// Takes the service's locks, finds the devices and makes the set. Its rows are written next, and the quarter hours that they touched are noted.
/// </param>
/// <param name="Close">Whatever else has to be durable together with the rows, by what became of them. The commit follows.</param>
/// <param name="Note">A statement that goes with the notes of touched quarter hours in one round trip; null for none.</param>
/// <remarks>
/// An error with a unique violation's code is taken for a row that is there already and repeats the transaction; steps that may meet a row of
/// somebody else say <c>ON CONFLICT</c>.
/// </remarks>
public sealed record WriteSteps(
    Func<NpgsqlConnection, NpgsqlTransaction, CancellationToken, Task<WriteSet>> Open,
    Func<NpgsqlConnection, NpgsqlTransaction, WriteSet, CancellationToken, Task> Close,
    Func<WriteSet, NpgsqlBatchCommand?>? Note = null
);
