using Portal.Data.FleetPush;
using Portal.Data.Tests.Measurements;

namespace Portal.Data.Tests.FleetPush;

/// <summary>A database seen through its outbox.</summary>
internal sealed class OutboxDatabase(WriterDatabase database)
{
    /// <summary>The push switched on, and the session that leads.</summary>
    public async Task<PushSession> OnAsync()
    {
        var session = await PushSession.TryLeadAsync(database.DataSource, default);
        Assert.NotNull(session);
        await session.SwitchOnAsync(default);
        return session;
    }

    public Task ForgetLedgerAsync() => database.ScalarAsync<object?>("""TRUNCATE monitoring."LedgerDays" """);

    public Task OffAsync() => PushSwitch.OffAsync(database.DataSource, default);

    /// <summary>Notes of a device, oldest first: <c>11-10 10:00:00 … 11-10 10:09:00 (10)</c>.</summary>
    public Task<string[]> NotesAsync(Device device) =>
        database.ScalarAsync<string[]>(
            """
            SELECT coalesce(array_agg(to_char("First" AT TIME ZONE 'UTC', 'MM-DD HH24:MI:SS') || ' … '
                     || to_char("Last" AT TIME ZONE 'UTC', 'MM-DD HH24:MI:SS') || ' (' || "Rows" || ')' ORDER BY "Id"), '{}')
              FROM monitoring."OutboxRanges" WHERE "DeviceId" = $1
            """,
            device.Id
        );

    /// <summary>Stored rows that no note is about.</summary>
    public Task<long> UnnotedAsync() =>
        database.ScalarAsync<long>(
            """
            SELECT count(*) FROM monitoring."PowerMeasurements" m
             WHERE NOT EXISTS (
               SELECT FROM monitoring."OutboxRanges" o WHERE o."DeviceId" = m."DeviceId" AND m."Time" BETWEEN o."First" AND o."Last")
            """
        );

    public Task<long> CountAsync(string table) => database.ScalarAsync<long>($"SELECT count(*) FROM monitoring.\"{table}\"");

    /// <summary>Serials with a tombstone, those that the fleet knows of in brackets.</summary>
    public Task<string[]> TombstonesAsync(params string[] serials) =>
        database.ScalarAsync<string[]>(
            """
            SELECT coalesce(array_agg(CASE WHEN "PushedAt" IS NULL THEN "ExternalId" ELSE '(' || "ExternalId" || ')' END ORDER BY "ExternalId"), '{}')
              FROM monitoring."DeviceTombstones" WHERE "ExternalId" = ANY ($1)
            """,
            (object)serials
        );

    /// <summary>Reads all rows of a round in batches of a size.</summary>
    public static async Task<List<(string ExternalId, long Ticks, double[] Values)>> ReadAsync(PushSession session, OutboxRound round, int batchSize)
    {
        var rows = new List<(string, long, double[])>();
        for (var ranges = round.Ranges; ranges.Count > 0; )
        {
            var before = rows.Count;
            ranges = await session.Outbox.ReadAsync(ranges, batchSize, row => rows.Add((row.ExternalId, row.UtcTicks, [.. row.Values])), default);
            Assert.InRange(rows.Count - before, 0, batchSize);
        }

        return rows;
    }
}
