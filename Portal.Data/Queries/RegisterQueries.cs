using Npgsql;
using Portal.Domain.Energy;

namespace Portal.Data.Queries;

/// <summary>Registers' curves from the roll-ups.</summary>
public sealed class RegisterQueries(NpgsqlDataSource dataSource)
{
    /// <summary>Each device's curve of one register, as below.</summary>
    public async Task<Dictionary<int, RegisterCurve>> CurvesAsync(
        IReadOnlyCollection<int> deviceIds,
        RolledUpRegister register,
        DateTimeOffset from,
        DateTimeOffset to,
        bool hourly,
        CancellationToken cancellationToken
    ) => (await CurvesAsync(deviceIds, [register], from, to, hourly, cancellationToken))[register];

    /// <summary>
    /// Each device's curves over <c>[from, to)</c>, with the last known bucket before and the first known one after it, so that
    /// energy is exact to the edges. All registers come from the same rows, which are read once.
    /// </summary>
    /// <param name="hourly">True takes the hourly roll-up (enough where all edges are whole UTC hours), false the quarter-hourly one.</param>
    /// <returns>Of each register one curve per device, an empty one where it was never known.</returns>
    public async Task<Dictionary<RolledUpRegister, Dictionary<int, RegisterCurve>>> CurvesAsync(
        IReadOnlyCollection<int> deviceIds,
        IReadOnlyList<RolledUpRegister> registers,
        DateTimeOffset from,
        DateTimeOffset to,
        bool hourly,
        CancellationToken cancellationToken
    )
    {
        var (relation, length) = hourly
            ? ("monitoring.hourly_per_device", TimeSpan.TicksPerHour)
            : ("monitoring.quarter_hourly_per_device", 15 * TimeSpan.TicksPerMinute);
        var rows = new RegisterRows(deviceIds, registers, Floor(from, length), Ceiling(to, length), length);
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);

        // A meter that posts is known in the hours next to the range.
        await ReadAsync([.. deviceIds], $"SELECT {rows.Columns} FROM {relation} WHERE device_id = ANY ($1) AND bucket >= $2 AND bucket < $3");
        if (rows.WithoutEdges is { Devices.Length: > 0 } without)
        {
            // OFFSET keeps the look at an hour one by itself: joined, the whole relation may be read for it.
            await ReadAsync(
                without.Devices,
                $"""
                SELECT row.*
                  FROM (SELECT DISTINCT device, around.hour
                          FROM unnest($1) AS device
                         CROSS JOIN LATERAL monitoring.known_hours_around(device, $2, $3) AS around
                         WHERE around.register = ANY ($4)) AS known
                 CROSS JOIN LATERAL (
                       SELECT {rows.Columns}
                         FROM {relation}
                        WHERE device_id = known.device AND bucket >= known.hour AND bucket < known.hour + interval '1 hour' OFFSET 0) AS row
                """,
                new NpgsqlParameter<string[]> { TypedValue = without.Registers }
            );
        }

        return rows.Curves();

        async Task ReadAsync(int[] devices, string sql, params NpgsqlParameter[] more)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            command.Parameters.Add(new NpgsqlParameter<int[]> { TypedValue = devices });
            command.Parameters.Add(Instant(Floor(from, TimeSpan.TicksPerHour) - TimeSpan.TicksPerHour));
            command.Parameters.Add(Instant(Ceiling(to, TimeSpan.TicksPerHour) + TimeSpan.TicksPerHour));
            command.Parameters.AddRange(more);
            // The relation is a view over all partitions, which takes longer to plan than to read.
            await command.PrepareAsync(cancellationToken);
            await rows.ReadAsync(command, cancellationToken);
        }
    }

    // Whole quarters and hours of UTC are multiples of their ticks.
    private static long Floor(DateTimeOffset instant, long length) => instant.UtcTicks / length * length;

    private static long Ceiling(DateTimeOffset instant, long length) => (instant.UtcTicks + length - 1) / length * length;

    private static NpgsqlParameter Instant(long ticks) => MeasurementQueries.Instant(new DateTimeOffset(ticks, TimeSpan.Zero));
}
