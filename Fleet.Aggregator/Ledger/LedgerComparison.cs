using Fleet.Aggregator.Measurements;
using Npgsql;
using Portal.Contracts.Fleet;
using Portal.TimeSeries;

namespace Fleet.Aggregator.Ledger;

/// <summary>Compares what a stack holds with what the fleet holds of it, and remembers what is proven and what differs.</summary>
internal sealed class LedgerComparison(NpgsqlDataSource dataSource, DayHashes hashes, TimeProvider clock)
{
    private const string FindDevices = """
        SELECT "Id", "ExternalId" FROM fleet."Devices" WHERE "CustomerId" = $1 AND "DeletedAt" IS NULL
        """;

    /// <returns>Null where there is more to hash than one answer has time for, or measurements come meanwhile: the stack asks again.</returns>
    /// <exception cref="StoreUnavailableException">The database is away.</exception>
    public async Task<LedgerAnswer?> CompareAsync(int customerId, LedgerRequest request, CancellationToken cancellationToken)
    {
        NpgsqlConnection? connection = null;
        try
        {
            var scope = await FindAsync(customerId, request, cancellationToken);
            if (!await hashes.CompleteAsync(scope, cancellationToken))
            {
                return null;
            }

            connection = await dataSource.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            // What is read below stays as it is until what follows from it is written.
            if (!(await CustomerLock.TakeForWritingAsync(connection, transaction, [customerId], cancellationToken)).Contains(customerId))
            {
                return new LedgerAnswer(0, []); // deleted since its token was looked up
            }

            var keptFrom = await KeptRows.LockAsync(connection, transaction, cancellationToken);
            var records = new LedgerRecords(connection, transaction, scope);
            var held = await records.ReadAsync(cancellationToken);
            if (held.Values.Any(day => day.Hash is null))
            {
                return null;
            }

            var kept = keptFrom is { } from ? DateOnly.FromDateTime(from.UtcDateTime) : DateOnly.MinValue;
            var verdict = LedgerVerdict.Of(scope, request, held, kept);
            await records.WriteAsync(verdict, clock.GetUtcNow(), cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return new LedgerAnswer(verdict.Equal.Count, verdict.Differences);
        }
        catch (Exception error) when (StoreErrors.IsUnavailable(error, connection) || error is PostgresException postgres && StoreErrors.IsCollision(postgres))
        {
            throw new StoreUnavailableException("The database is not available at the moment: " + error.GetBaseException().Message, error);
        }
        finally
        {
            if (connection is not null)
            {
                await connection.DisposeAsync();
            }
        }
    }

    private async Task<LedgerScope> FindAsync(int customerId, LedgerRequest request, CancellationToken cancellationToken)
    {
        var devices = new Dictionary<int, string>();
        await using var find = dataSource.CreateCommand(FindDevices);
        find.Parameters.Add(new NpgsqlParameter<int> { TypedValue = customerId });
        await using var reader = await find.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            if (LedgerScope.Contains(request, reader.GetString(1)))
            {
                devices.Add(reader.GetInt32(0), reader.GetString(1));
            }
        }

        return new LedgerScope(customerId, devices, request.From, request.To);
    }
}
