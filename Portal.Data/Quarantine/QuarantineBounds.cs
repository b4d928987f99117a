using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using Portal.Data.Connection;

namespace Portal.Data.Quarantine;

/// <summary>Drops from the quarantine what is too old or too much, oldest first, and counts what is left.</summary>
/// <remarks>
/// Room is made for a tenth of the bound at once, so the sums over all of it are taken once for each 100 MiB that come in, not for each post.
/// </remarks>
public sealed class QuarantineBounds(
    NpgsqlDataSource dataSource,
    IOptions<QuarantineOptions> options,
    QuarantineUsage usage,
    TimeProvider clock,
    ILogger<QuarantineBounds> logger
)
{
    private const string DropOld = """
        WITH dropped AS (DELETE FROM monitoring."QuarantinedPosts" WHERE "ReceivedAt" < $1 RETURNING "Rows", "Bytes")
        SELECT coalesce(sum("Rows"), 0)::bigint, coalesce(sum("Bytes"), 0)::bigint FROM dropped
        """;

    private const string DropMost = """
        WITH oldest AS (
          SELECT "Id", sum("Bytes") OVER (ORDER BY "ReceivedAt", "Id") - "Bytes" AS "Older" FROM monitoring."QuarantinedPosts"),
        dropped AS (
          DELETE FROM monitoring."QuarantinedPosts" AS q USING oldest
           WHERE q."Id" = oldest."Id" AND oldest."Older" < $1
          RETURNING q."Rows", q."Bytes")
        SELECT coalesce(sum("Rows"), 0)::bigint, coalesce(sum("Bytes"), 0)::bigint FROM dropped
        """;

    private const string Count =
        """SELECT coalesce(sum("Rows"), 0)::bigint, coalesce(sum("Bytes"), 0)::bigint FROM monitoring."QuarantinedPosts" """;

    // So that people see what was lost, whether somebody collects metrics or not.
    private const string Keep = """
        INSERT INTO portal."QuarantineDrops" ("Day", "Reason", "Rows") VALUES ($1, $2, $3)
        ON CONFLICT ("Day", "Reason") DO UPDATE SET "Rows" = "QuarantineDrops"."Rows" + excluded."Rows"
        """;

    /// <summary>One pass. Several processes may call it; they take turns.</summary>
    /// <returns>What is left.</returns>
    public async Task<QuarantineAmount> EnforceAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);

        // Nothing is dropped under the hands of an admission, which holds this lock exclusive.
        await CatalogueLock.TakeSharedAsync(connection, transaction, cancellationToken);
        await using (
            var turn = new NpgsqlCommand("SELECT pg_advisory_xact_lock($1)", connection, transaction)
            {
                Parameters = { new() { Value = AdvisoryLocks.Quarantine } },
            }
        )
        {
            await turn.ExecuteNonQueryAsync(cancellationToken);
        }

        var oldest = clock.GetUtcNow() - options.Value.MaxAge;
        var old = await SumAsync(DropOld, connection, transaction, oldest.UtcDateTime, cancellationToken);
        var left = await SumAsync(Count, connection, transaction, null, cancellationToken);
        var most = default(QuarantineAmount);
        if (left.Bytes > options.Value.MaxBytes)
        {
            var excess = left.Bytes - (options.Value.MaxBytes / 10 * 9);
            most = await SumAsync(DropMost, connection, transaction, excess, cancellationToken);
            left = new QuarantineAmount(left.Rows - most.Rows, left.Bytes - most.Bytes);
        }

        await KeepAsync(QuarantineDrops.Age, old);
        await KeepAsync(QuarantineDrops.Size, most);
        await transaction.CommitAsync(cancellationToken);
        usage.Counted(left);
        Report(QuarantineDrops.Age, $"older than {options.Value.MaxAge.TotalDays:0.#} days (Quarantine__MaxAge)", old);
        Report(QuarantineDrops.Size, $"the oldest of more than {options.Value.MaxBytes} bytes (Quarantine__MaxBytes)", most);
        return left;

        async Task KeepAsync(string reason, QuarantineAmount dropped)
        {
            if (dropped.Rows == 0)
            {
                return;
            }

            await using var keep = new NpgsqlCommand(Keep, connection, transaction)
            {
                Parameters =
                {
                    new() { Value = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime) },
                    new() { Value = reason },
                    new() { Value = dropped.Rows },
                },
            };
            await keep.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private void Report(string reason, string why, QuarantineAmount dropped)
    {
        if (dropped.Rows > 0)
        {
            usage.Dropped(reason, dropped.Rows);
            logger.LogWarning(
                "Dropped {Rows} measurements ({Bytes} bytes) of unclaimed devices from the quarantine: {Why}. Claim devices that wait, or set it higher.",
                dropped.Rows,
                dropped.Bytes,
                why
            );
        }
    }

    private static async Task<QuarantineAmount> SumAsync(
        string sql,
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        object? parameter,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(sql, connection, transaction);
        if (parameter is not null)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        }

        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new QuarantineAmount(reader.GetInt64(0), reader.GetInt64(1));
    }
}
