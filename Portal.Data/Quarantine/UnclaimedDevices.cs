using Npgsql;

namespace Portal.Data;

/// <summary>A serial that posts and no device has.</summary>
/// <param name="ExternalId">The serial as posted.</param>
/// <param name="FirstReceivedAt">When the oldest post that waits came in.</param>
/// <param name="LastReceivedAt">When the newest one did.</param>
/// <param name="Rows">Measurements that wait; the same instant in two different posts counts twice.</param>
/// <param name="NewestTime">Latest time of its measurements; null where all of them have local times, whose zone is not known yet.</param>
public sealed record UnclaimedDevice(
    string ExternalId,
    DateTimeOffset FirstReceivedAt,
    DateTimeOffset LastReceivedAt,
    long Rows,
    DateTimeOffset? NewestTime
);

/// <summary>What waits in the quarantine, by serial.</summary>
public sealed class UnclaimedDevices(NpgsqlDataSource dataSource)
{
    private const string Columns = """
        "ExternalId", min("ReceivedAt"), max("ReceivedAt"), sum("Rows")::bigint, max("MaxTime") FROM monitoring."QuarantinedPosts"
        """;

    /// <summary>A page in the order of serials.</summary>
    /// <param name="after">Keyset cursor: the last serial of the page before; null for the first page.</param>
    /// <param name="limit">Most to give; the caller caps it.</param>
    public Task<List<UnclaimedDevice>> ListAsync(string? after, int limit, CancellationToken cancellationToken) =>
        ReadAsync(
            $"""SELECT {Columns} WHERE $1::text IS NULL OR "ExternalId" > $1 GROUP BY "ExternalId" ORDER BY "ExternalId" LIMIT $2""",
            [new NpgsqlParameter { Value = (object?)after ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text }, new NpgsqlParameter { Value = limit }],
            cancellationToken
        );

    /// <summary>What waits for one serial; null where nothing does.</summary>
    public async Task<UnclaimedDevice?> FindAsync(string externalId, CancellationToken cancellationToken) =>
        (
            await ReadAsync(
                $"""SELECT {Columns} WHERE "ExternalId" = $1 GROUP BY "ExternalId" """,
                [new NpgsqlParameter { Value = externalId }],
                cancellationToken
            )
        ).SingleOrDefault();

    private async Task<List<UnclaimedDevice>> ReadAsync(string sql, NpgsqlParameter[] parameters, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(sql);
        command.Parameters.AddRange(parameters);
        var devices = new List<UnclaimedDevice>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            devices.Add(
                new UnclaimedDevice(
                    reader.GetString(0),
                    reader.GetFieldValue<DateTimeOffset>(1),
                    reader.GetFieldValue<DateTimeOffset>(2),
                    reader.GetInt64(3),
                    reader.IsDBNull(4) ? null : reader.GetFieldValue<DateTimeOffset>(4)
                )
            );
        }

        return devices;
    }
}
