using Npgsql;
using NpgsqlTypes;

namespace Portal.Data.FleetPush;

/// <summary>What waits to be pushed, and what a heartbeat says besides.</summary>
/// <param name="Notes">How many notes there are.</param>
/// <param name="LastNote">Id of the newest of them; 0 where there is none.</param>
/// <param name="Rows">Rows that they are about; an estimate, since a row that was filled later counts twice.</param>
/// <param name="Waiting">How long the oldest note waits; null: nothing does.</param>
/// <param name="NewestTime">Time of the newest measurement stored; null: none.</param>
/// <param name="LastBackupAt">When the last backup ended well; null: none is known of.</param>
public sealed record PushBacklog(
    long Notes,
    long LastNote,
    long Rows,
    TimeSpan? Waiting,
    DateTimeOffset? NewestTime,
    DateTimeOffset? LastBackupAt
);

/// <summary>A batch, or rows of one, that the fleet did not take.</summary>
/// <param name="Status">HTTP status of the answer; 200 where only some rows were rejected.</param>
/// <param name="Rows">Set aside, or rejected.</param>
/// <param name="Reason">For people.</param>
/// <param name="Ranges">What measurements were set aside, as JSON: <c>[{"externalId", "first", "last"}]</c>.</param>
public sealed record PushRefusal(Guid BatchId, string BatchType, int Status, int Rows, string Reason, string Ranges = "[]");

/// <summary>Keeps in the database how the push goes, so that every replica can say it.</summary>
public sealed class PushJournal
{
    /// <summary>Refusals that are kept; older ones are only counted.</summary>
    private const int MostRefusals = 1_000;

    private readonly NpgsqlConnection connection;

    internal PushJournal(NpgsqlConnection connection) => this.connection = connection;

    /// <exception cref="StoreUnavailableException">The database is away.</exception>
    public Task<PushBacklog> BacklogAsync(CancellationToken cancellationToken) =>
        PushStore.GuardAsync(async () =>
        {
            await using var command = new NpgsqlCommand(
                """
                SELECT w.notes, w.last_note, w.rows, w.waiting, m.newest, b.ended
                  FROM (
                    SELECT count(*) AS notes, coalesce(max("Id"), 0) AS last_note, coalesce(sum("Rows"), 0)::bigint AS rows,
                           clock_timestamp() - min("NotedAt") AS waiting
                      FROM monitoring."OutboxRanges") AS w
                 CROSS JOIN (
                    SELECT max(last."Time") AS newest
                      FROM monitoring."Devices" AS d
                     CROSS JOIN LATERAL (
                       SELECT "Time" FROM monitoring."PowerMeasurements" WHERE "DeviceId" = d."Id" ORDER BY "Time" DESC LIMIT 1) AS last) AS m
                 CROSS JOIN (SELECT max("EndedAt") AS ended FROM portal."Backups" WHERE "Ok") AS b
                """,
                connection
            );
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            await reader.ReadAsync(cancellationToken);
            return new PushBacklog(
                reader.GetInt64(0),
                reader.GetInt64(1),
                reader.GetInt64(2),
                reader.IsDBNull(3) ? null : reader.GetTimeSpan(3),
                reader.IsDBNull(4) ? null : reader.GetFieldValue<DateTimeOffset>(4),
                reader.IsDBNull(5) ? null : reader.GetFieldValue<DateTimeOffset>(5)
            );
        });

    /// <summary>The fleet acknowledged something.</summary>
    /// <param name="isWell">False for a heartbeat beside a batch that fails: the batch's error stays.</param>
    /// <exception cref="StoreUnavailableException">The database is away.</exception>
    public Task SucceededAsync(DateTimeOffset at, bool isWell, CancellationToken cancellationToken) =>
        PushStore.GuardAsync(() =>
            PushStore.ExecuteAsync(
                connection,
                isWell
                    ? """UPDATE monitoring."FleetPush" SET "LastSuccessAt" = $1, "Paused" = false, "LastError" = NULL, "LastErrorAt" = NULL"""
                    : """UPDATE monitoring."FleetPush" SET "LastSuccessAt" = $1""",
                cancellationToken,
                Instant(at)
            )
        );

    /// <summary>An attempt failed.</summary>
    /// <param name="paused">The fleet refuses this stack, or there is no token: nothing goes on without somebody.</param>
    /// <exception cref="StoreUnavailableException">The database is away.</exception>
    public Task FailedAsync(DateTimeOffset at, string error, bool paused, CancellationToken cancellationToken) =>
        PushStore.GuardAsync(() =>
            PushStore.ExecuteAsync(
                connection,
                """UPDATE monitoring."FleetPush" SET "Paused" = $1, "LastError" = $2, "LastErrorAt" = $3""",
                cancellationToken,
                new NpgsqlParameter<bool> { TypedValue = paused },
                new NpgsqlParameter<string> { TypedValue = error },
                Instant(at)
            )
        );

    /// <summary>Records what the fleet did not take, and counts it.</summary>
    /// <exception cref="StoreUnavailableException">The database is away: it is not recorded.</exception>
    public Task RefusedAsync(PushRefusal refusal, CancellationToken cancellationToken) =>
        PushStore.GuardAsync(() =>
            PushStore.ExecuteAsync(
                connection,
                """
                WITH added AS (
                  INSERT INTO monitoring."FleetPushRefusals" ("BatchId", "BatchType", "Status", "Rows", "Reason", "Ranges")
                  VALUES ($1, $2, $3, $4, $5, $6)
                  RETURNING "Id"
                ),
                counted AS (
                  UPDATE monitoring."FleetPush"
                     SET "SetAside" = "SetAside" + CASE WHEN $3 = 200 THEN 0 ELSE 1 END,
                         "RejectedRows" = "RejectedRows" + CASE WHEN $3 = 200 THEN $4 ELSE 0 END
                )
                DELETE FROM monitoring."FleetPushRefusals" USING added WHERE "FleetPushRefusals"."Id" <= added."Id" - $7
                """,
                cancellationToken,
                new NpgsqlParameter<Guid> { TypedValue = refusal.BatchId },
                new NpgsqlParameter<string> { TypedValue = refusal.BatchType },
                new NpgsqlParameter<int> { TypedValue = refusal.Status },
                new NpgsqlParameter<int> { TypedValue = refusal.Rows },
                new NpgsqlParameter<string> { TypedValue = refusal.Reason },
                new NpgsqlParameter { Value = refusal.Ranges, NpgsqlDbType = NpgsqlDbType.Jsonb },
                new NpgsqlParameter<int> { TypedValue = MostRefusals }
            )
        );

    private static NpgsqlParameter<DateTime> Instant(DateTimeOffset at) => new() { TypedValue = at.UtcDateTime };
}
