using Npgsql;
using NpgsqlTypes;

namespace Portal.TimeSeries.RollUps;

/// <summary>Writes the roll-ups' to-do list: neighbouring quarter hours of a device become one row, within a UTC day.</summary>
internal static class TouchedRanges
{
    private static readonly TimeSpan Quarter = TimeSpan.FromMinutes(15);

    public static async Task NoteAsync(
        SeriesLayout layout,
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        IReadOnlyList<(DeviceKey Device, DateTimeOffset QuarterHour)> touched,
        NpgsqlBatchCommand? besides,
        CancellationToken cancellationToken
    )
    {
        await using var batch = new NpgsqlBatch(connection, transaction);
        if (touched.Count > 0)
        {
            batch.BatchCommands.Add(Command(layout, touched));
        }

        if (besides is not null)
        {
            batch.BatchCommands.Add(besides);
        }

        if (batch.BatchCommands.Count > 0)
        {
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private static NpgsqlBatchCommand Command(SeriesLayout layout, IReadOnlyList<(DeviceKey Device, DateTimeOffset QuarterHour)> touched)
    {
        var (devices, from, to) = Merge(touched);
        var command = new NpgsqlBatchCommand(
            $"""
            INSERT INTO {layout.Schema}."TouchedRanges" ("DeviceId", "From", "To"{layout.Customer(", \"CustomerId\"")})
            SELECT * FROM unnest($1, $2, $3{layout.Customer(", $4")})
            """
        )
        {
            Parameters =
            {
                new() { Value = devices.ConvertAll(device => device.DeviceId), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer },
                new() { Value = from, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz },
                new() { Value = to, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz },
            },
        };
        if (layout.HasCustomers)
        {
            command.Parameters.Add(
                new() { Value = devices.ConvertAll(device => device.CustomerId), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer }
            );
        }

        return command;
    }

    internal static (List<DeviceKey> Devices, List<DateTime> From, List<DateTime> To) Merge(
        IReadOnlyList<(DeviceKey Device, DateTimeOffset QuarterHour)> touched
    )
    {
        var sorted = touched.Select(t => (t.Device, Start: Floor(t.QuarterHour.UtcDateTime))).ToArray();
        Array.Sort(
            sorted,
            static (left, right) => left.Device.CompareTo(right.Device) is not 0 and var order ? order : left.Start.CompareTo(right.Start)
        );

        List<DeviceKey> devices = [];
        List<DateTime> from = [];
        List<DateTime> to = [];
        foreach (var (device, start) in sorted)
        {
            var continues = devices.Count > 0 && devices[^1] == device && start <= to[^1] && start.Date == from[^1].Date;
            if (!continues)
            {
                devices.Add(device);
                from.Add(start);
                to.Add(start + Quarter);
            }
            else if (start == to[^1])
            {
                to[^1] = start + Quarter;
            }
        }

        return (devices, from, to);
    }

    private static DateTime Floor(DateTime instant) => new(instant.Ticks - (instant.Ticks % Quarter.Ticks), DateTimeKind.Utc);
}
