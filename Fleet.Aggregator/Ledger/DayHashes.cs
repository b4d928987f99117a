using Fleet.Aggregator.Measurements;
using Npgsql;
using NpgsqlTypes;
using Portal.TimeSeries;

namespace Fleet.Aggregator.Ledger;

/// <summary>
/// Hashes the device-days whose measurements have changed since they were hashed last. The customer's row is held for a moment before (so that
/// whoever writes its measurements has committed, or will see that the day is being hashed and say that it is void) and for a moment after;
/// nobody waits while rows are read.
/// </summary>
internal sealed class DayHashes(NpgsqlDataSource dataSource, TimeProvider clock)
{
    /// <summary>Days that are hashed at a time: 144,000 rows of a meter that posts every minute, about a second's work.</summary>
    private const int DaysAtOnce = 100;

    /// <summary>A stack waits a minute for its answer. What is hashed by then stays so, and it asks again.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    private const string Begin = """
        UPDATE fleet."LedgerDays" AS d SET "Hashing" = $1
          FROM (
            SELECT "DeviceId", "Day" FROM fleet."LedgerDays"
             WHERE "CustomerId" = $2 AND "DeviceId" = ANY($3) AND "Day" >= $4 AND "Day" < $5 AND "Hash" IS NULL
             ORDER BY "Day" DESC LIMIT $6) AS next
         WHERE d."CustomerId" = $2 AND d."DeviceId" = next."DeviceId" AND d."Day" = next."Day"
        RETURNING d."DeviceId", d."Day"
        """;

    private const string Keep = """
        UPDATE fleet."LedgerDays" AS d
           SET "Rows" = s."Rows", "First" = s."First", "Last" = s."Last", "EnergyDeltaKwh" = s."Energy", "Hash" = s."Hash", "Hashing" = NULL
          FROM unnest($3, $4, $5, $6, $7, $8, $9) AS s ("DeviceId", "Day", "Rows", "First", "Last", "Energy", "Hash")
         WHERE d."CustomerId" = $2 AND d."DeviceId" = s."DeviceId" AND d."Day" = s."Day" AND d."Hashing" = $1
        """;

    /// <returns>False where it takes longer than an answer may; the next call goes on.</returns>
    public async Task<bool> CompleteAsync(LedgerScope scope, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        while (clock.GetElapsedTime(started) < Longest)
        {
            var hashing = Guid.NewGuid();
            var days = await BeginAsync(connection, scope, hashing, cancellationToken);
            if (days.Count == 0)
            {
                return true;
            }

            var contents = await StoredDays.ContentsAsync(FleetSeries.Layout, connection, days, cancellationToken);
            await KeepAsync(connection, scope.CustomerId, hashing, contents, cancellationToken);
        }

        return false;
    }

    private static async Task<List<DeviceDay>> BeginAsync(NpgsqlConnection connection, LedgerScope scope, Guid hashing, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await CustomerLock.TakeForWritingAsync(connection, transaction, [scope.CustomerId], cancellationToken);
        var days = new List<DeviceDay>();
        await using (var begin = new NpgsqlCommand(Begin, connection, transaction))
        {
            begin.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = hashing });
            begin.Parameters.Add(new NpgsqlParameter<int> { TypedValue = scope.CustomerId });
            begin.Parameters.Add(new NpgsqlParameter<int[]> { TypedValue = [.. scope.Devices.Keys] });
            begin.Parameters.Add(new NpgsqlParameter<DateOnly> { TypedValue = scope.From });
            begin.Parameters.Add(new NpgsqlParameter<DateOnly> { TypedValue = scope.To });
            begin.Parameters.Add(new NpgsqlParameter<int> { TypedValue = DaysAtOnce });
            await using var reader = await begin.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                days.Add(new DeviceDay(new DeviceKey(reader.GetInt32(0), scope.CustomerId), reader.GetFieldValue<DateOnly>(1)));
            }
        }

        await transaction.CommitAsync(cancellationToken);
        return days;
    }

    private static async Task KeepAsync(
        NpgsqlConnection connection,
        int customerId,
        Guid hashing,
        IReadOnlyList<DayContent> contents,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await CustomerLock.TakeForWritingAsync(connection, transaction, [customerId], cancellationToken);
        await using var keep = new NpgsqlCommand(Keep, connection, transaction)
        {
            Parameters =
            {
                new NpgsqlParameter<Guid> { TypedValue = hashing },
                new NpgsqlParameter<int> { TypedValue = customerId },
                new NpgsqlParameter<int[]> { TypedValue = [.. contents.Select(content => content.Day.Device.DeviceId)] },
                new NpgsqlParameter<DateOnly[]> { TypedValue = [.. contents.Select(content => content.Day.Day)] },
                new NpgsqlParameter<int[]> { TypedValue = [.. contents.Select(content => content.Rows)] },
                Instants(contents.Select(content => content.First)),
                Instants(contents.Select(content => content.Last)),
                new NpgsqlParameter<double?[]> { TypedValue = [.. contents.Select(content => content.EnergyDeltaKwh)] },
                new NpgsqlParameter<byte[][]> { TypedValue = [.. contents.Select(content => content.Hash)] },
            },
        };
        await keep.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static NpgsqlParameter<DateTime?[]> Instants(IEnumerable<DateTime?> instants) =>
        new() { TypedValue = [.. instants], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz };
}
