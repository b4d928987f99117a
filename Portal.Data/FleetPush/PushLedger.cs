using Npgsql;
using NpgsqlTypes;
using Portal.Data.TimeSeries;
using Portal.TimeSeries;

namespace Portal.Data.FleetPush;

/// <summary>A device-day of the stack's ledger.</summary>
/// <param name="Changed">What <see cref="PushLedger.ComparedAsync"/> knows it by: a day that has changed since is not marked.</param>
/// <param name="Content">Null where it is pending: something of it is still to be pushed, or to be hashed.</param>
public sealed record LedgerEntry(int DeviceId, string ExternalId, DateOnly Day, long Changed, DayContent? Content);

/// <summary>How many device-days there are of a day.</summary>
/// <param name="Rows">Measurements of them, as far as they are hashed.</param>
public sealed record LedgerDaySize(DateOnly Day, int Days, long Rows);

/// <summary>The delivery ledger as the pusher keeps it: hashes what changed, says what is to be compared, and remembers what came of it.</summary>
public sealed class PushLedger
{
    /// <summary>Device-days that are hashed at a time: 72,000 rows of meters that post every minute, some hundred milliseconds.</summary>
    private const int HashedAtOnce = 50;

    /// <summary>Once is enough where nothing else is wrong; twice where measurements came meanwhile.</summary>
    private const short MostMends = 2;

    private readonly NpgsqlConnection connection;

    internal PushLedger(NpgsqlConnection connection) => this.connection = connection;

    /// <summary>
    /// Hashes some days before <paramref name="today"/>, and later ones that differed, that have changed and of which nothing waits to be pushed, the
    /// newest first.
    /// </summary>
    /// <returns>False where there are none.</returns>
    /// <exception cref="StoreUnavailableException">The database is away.</exception>
    public Task<bool> HashAsync(DateOnly today, CancellationToken cancellationToken) =>
        PushStore.GuardAsync(async () =>
        {
            var changed = await ChangedAsync(today, cancellationToken);
            if (changed.Count == 0)
            {
                return false;
            }

            // Read after it was seen what has changed: rows that come in between have notes, so the day is not settled before they are dealt with.
            var contents = await StoredDays.ContentsAsync(PortalSeries.Layout, connection, [.. changed.Select(day => day.Day)], cancellationToken);
            await PushStore.ExecuteAsync(
                connection,
                """
                UPDATE monitoring."LedgerDays" AS d
                   SET "Hashed" = d."Changed", "Rows" = s.rows, "First" = s.first, "Last" = s.last, "EnergyDeltaKwh" = s.energy, "Hash" = s.hash,
                       "ComparedAt" = NULL
                  FROM unnest($1, $2, $3, $4, $5, $6, $7, $8) AS s (device, day, changed, rows, first, last, energy, hash)
                 WHERE d."DeviceId" = s.device AND d."Day" = s.day AND d."Changed" = s.changed
                """,
                cancellationToken,
                new NpgsqlParameter<int[]> { TypedValue = [.. contents.Select(content => content.Day.Device.DeviceId)] },
                new NpgsqlParameter<DateOnly[]> { TypedValue = [.. contents.Select(content => content.Day.Day)] },
                new NpgsqlParameter<long[]> { TypedValue = [.. changed.Select(day => day.Changed)] },
                new NpgsqlParameter<int[]> { TypedValue = [.. contents.Select(content => content.Rows)] },
                Instants(contents.Select(content => content.First)),
                Instants(contents.Select(content => content.Last)),
                new NpgsqlParameter<double?[]> { TypedValue = [.. contents.Select(content => content.EnergyDeltaKwh)] },
                new NpgsqlParameter<byte[][]> { TypedValue = [.. contents.Select(content => content.Hash)] }
            );
            return true;
        });

    /// <summary>
    /// The newest day with a device-day that can be compared and was not since it changed: before <paramref name="today"/>, or one that differed; null:
    /// none.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The database is away.</exception>
    public Task<DateOnly?> NextAsync(DateOnly today, CancellationToken cancellationToken) =>
        PushStore.GuardAsync<DateOnly?>(async () =>
        {
            await using var command = new NpgsqlCommand(
                """
                SELECT max(l."Day")
                  FROM monitoring."LedgerDays" AS l
                  JOIN monitoring."Devices" AS d ON d."Id" = l."DeviceId"
                 WHERE l."ComparedAt" IS NULL AND (l."Day" < $1 OR l."DiffersAt" IS NOT NULL) AND l."Hashed" = l."Changed" AND l."Rows" > 0
                   AND NOT EXISTS (
                     SELECT FROM monitoring."OutboxRanges" AS o
                      WHERE o."DeviceId" = l."DeviceId" AND ("First" AT TIME ZONE 'UTC')::date = l."Day")
                """,
                connection
            )
            {
                Parameters = { new NpgsqlParameter<DateOnly> { TypedValue = today } },
            };
            return await command.ExecuteScalarAsync(cancellationToken) as DateOnly?;
        });

    /// <summary>How many device-days each UTC day before <paramref name="before"/> has, newest first.</summary>
    /// <exception cref="StoreUnavailableException">The database is away.</exception>
    public Task<IReadOnlyList<LedgerDaySize>> SizesAsync(DateOnly before, CancellationToken cancellationToken) =>
        PushStore.GuardAsync<IReadOnlyList<LedgerDaySize>>(async () =>
        {
            await using var command = new NpgsqlCommand(
                """
                SELECT day, count(*)::int, coalesce(sum(rows), 0)::bigint FROM monitoring.ledger_days('-infinity', $1) GROUP BY day ORDER BY day DESC
                """,
                connection
            )
            {
                Parameters = { new NpgsqlParameter<DateOnly> { TypedValue = before } },
            };
            var sizes = new List<LedgerDaySize>();
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                sizes.Add(new LedgerDaySize(reader.GetFieldValue<DateOnly>(0), reader.GetInt32(1), reader.GetInt64(2)));
            }

            return sizes;
        });

    /// <summary>The device-days of [<paramref name="from"/>, <paramref name="to"/>) as of one moment, by serial (ordinal) and day.</summary>
    /// <exception cref="StoreUnavailableException">The database is away.</exception>
    public Task<IReadOnlyList<LedgerEntry>> ReadAsync(DateOnly from, DateOnly to, CancellationToken cancellationToken) =>
        PushStore.GuardAsync<IReadOnlyList<LedgerEntry>>(async () =>
        {
            await using var command = new NpgsqlCommand(
                """
                SELECT device_id, external_id, day, coalesce(changed, 0), settled, rows, first, last, energy, hash
                  FROM monitoring.ledger_days($1, $2)
                """,
                connection
            )
            {
                Parameters = { new NpgsqlParameter<DateOnly> { TypedValue = from }, new NpgsqlParameter<DateOnly> { TypedValue = to } },
            };
            var entries = new List<LedgerEntry>();
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                entries.Add(Entry(reader));
            }

            entries.Sort((one, other) => string.CompareOrdinal(one.ExternalId, other.ExternalId) is not 0 and var order ? order : one.Day.CompareTo(other.Day));
            return entries;
        });

    /// <summary>The fleet has compared these days.</summary>
    /// <param name="differing">Whether each differs; null: it was not compared, since the fleet keeps no rows of so long ago.</param>
    /// <exception cref="StoreUnavailableException">The database is away. They are compared again.</exception>
    public Task ComparedAsync(IReadOnlyList<LedgerEntry> entries, IReadOnlyList<bool?> differing, DateTimeOffset at, CancellationToken cancellationToken) =>
        PushStore.GuardAsync(() =>
            PushStore.ExecuteAsync(
                connection,
                """
                WITH compared AS (
                  UPDATE monitoring."LedgerDays" AS d
                     SET "ComparedAt" = $5,
                         "ProvenAt" = CASE WHEN NOT s.differs THEN $5 WHEN s.differs IS NULL THEN d."ProvenAt" END,
                         "DiffersAt" = CASE WHEN s.differs THEN coalesce(d."DiffersAt", $5) END
                    FROM unnest($1, $2, $3, $4) AS s (device, day, changed, differs)
                   WHERE d."DeviceId" = s.device AND d."Day" = s.day AND d."Changed" = s.changed
                     AND (d."ComparedAt" IS NULL OR coalesce(s.differs, false) <> (d."DiffersAt" IS NOT NULL))
                )
                UPDATE monitoring."FleetPush" SET "LedgerAt" = $5
                """,
                cancellationToken,
                new NpgsqlParameter<int[]> { TypedValue = [.. entries.Select(entry => entry.DeviceId)] },
                new NpgsqlParameter<DateOnly[]> { TypedValue = [.. entries.Select(entry => entry.Day)] },
                new NpgsqlParameter<long[]> { TypedValue = [.. entries.Select(entry => entry.Changed)] },
                new NpgsqlParameter<bool?[]> { TypedValue = [.. differing] },
                new NpgsqlParameter<DateTime> { TypedValue = at.UtcDateTime }
            )
        );

    /// <summary>
    /// A day is about to be mended. It is compared again afterwards; one that stays different is left alone until all days are compared the next time.
    /// </summary>
    /// <param name="note">True: the fleet has nothing of it, so all that is stored of it is noted to be pushed.</param>
    /// <returns>False where it was tried often enough, or is not of the ledger.</returns>
    /// <exception cref="StoreUnavailableException">The database is away.</exception>
    public Task<bool> MendAsync(LedgerEntry entry, bool note, CancellationToken cancellationToken) =>
        PushStore.GuardAsync(async () =>
        {
            await using var command = new NpgsqlCommand(
                """
                WITH mended AS (
                  UPDATE monitoring."LedgerDays" SET "Mends" = "Mends" + 1, "ComparedAt" = NULL
                   WHERE "DeviceId" = $1 AND "Day" = $2 AND "Mends" < $3
                  RETURNING "DeviceId", "First", "Last", "Rows"
                ),
                noted AS (
                  INSERT INTO monitoring."OutboxRanges" ("DeviceId", "First", "Last", "Rows")
                  SELECT * FROM mended WHERE $4 AND "First" IS NOT NULL
                )
                SELECT count(*) > 0 FROM mended
                """,
                connection
            )
            {
                Parameters =
                {
                    new NpgsqlParameter<int> { TypedValue = entry.DeviceId },
                    new NpgsqlParameter<DateOnly> { TypedValue = entry.Day },
                    new NpgsqlParameter<short> { TypedValue = MostMends },
                    new NpgsqlParameter<bool> { TypedValue = note },
                },
            };
            return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
        });

    /// <summary>The fleet has rows of a day of which none are here, so it is compared once they are, whichever day it is.</summary>
    /// <exception cref="StoreUnavailableException">The database is away.</exception>
    public Task OpenAsync(int deviceId, DateOnly day, DateTimeOffset at, CancellationToken cancellationToken) =>
        PushStore.GuardAsync(() =>
            PushStore.ExecuteAsync(
                connection,
                """
                INSERT INTO monitoring."LedgerDays" AS d ("DeviceId", "Day", "Changed", "DiffersAt") VALUES ($1, $2, 0, $3)
                ON CONFLICT ("DeviceId", "Day") DO UPDATE SET "DiffersAt" = coalesce(d."DiffersAt", EXCLUDED."DiffersAt")
                """,
                cancellationToken,
                new NpgsqlParameter<int> { TypedValue = deviceId },
                new NpgsqlParameter<DateOnly> { TypedValue = day },
                new NpgsqlParameter<DateTime> { TypedValue = at.UtcDateTime }
            )
        );

    /// <summary>All days are going to be compared: what was mended in vain may be tried again.</summary>
    /// <exception cref="StoreUnavailableException">The database is away.</exception>
    public Task BeginWholeAsync(CancellationToken cancellationToken) =>
        PushStore.GuardAsync(() =>
            PushStore.ExecuteAsync(connection, """UPDATE monitoring."LedgerDays" SET "Mends" = 0 WHERE "Mends" > 0""", cancellationToken)
        );

    private async Task<List<(DeviceDay Day, long Changed)>> ChangedAsync(DateOnly today, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT l."DeviceId", l."Day", l."Changed"
              FROM monitoring."LedgerDays" AS l
             WHERE (l."Hashed" IS NULL OR l."Hashed" <> l."Changed") AND (l."Day" < $1 OR l."DiffersAt" IS NOT NULL)
               AND NOT EXISTS (
                 SELECT FROM monitoring."OutboxRanges" AS o WHERE o."DeviceId" = l."DeviceId" AND ("First" AT TIME ZONE 'UTC')::date = l."Day")
             ORDER BY l."Day" DESC, l."DeviceId"
             LIMIT $2
            """,
            connection
        )
        {
            Parameters = { new NpgsqlParameter<DateOnly> { TypedValue = today }, new NpgsqlParameter<int> { TypedValue = HashedAtOnce } },
        };
        var changed = new List<(DeviceDay, long)>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            changed.Add((new DeviceDay(new DeviceKey(reader.GetInt32(0)), reader.GetFieldValue<DateOnly>(1)), reader.GetInt64(2)));
        }

        return changed;
    }

    private static LedgerEntry Entry(NpgsqlDataReader reader)
    {
        var day = new DeviceDay(new DeviceKey(reader.GetInt32(0)), reader.GetFieldValue<DateOnly>(2));
        var content = reader.GetBoolean(4)
            ? new DayContent(
                day,
                reader.GetInt32(5),
                reader.IsDBNull(6) ? null : reader.GetFieldValue<DateTime>(6),
                reader.IsDBNull(7) ? null : reader.GetFieldValue<DateTime>(7),
                reader.IsDBNull(8) ? null : reader.GetDouble(8),
                reader.GetFieldValue<byte[]>(9)
            )
            : null;
        return new LedgerEntry(day.Device.DeviceId, reader.GetString(1), day.Day, reader.GetInt64(3), content);
    }

    private static NpgsqlParameter<DateTime?[]> Instants(IEnumerable<DateTime?> instants) =>
        new() { TypedValue = [.. instants], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz };
}
