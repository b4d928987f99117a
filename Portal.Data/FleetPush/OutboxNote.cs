using System.Diagnostics;
using Npgsql;
using NpgsqlTypes;
using Portal.TimeSeries;

namespace Portal.Data.FleetPush;

/// <summary>
/// Notes for the push which rows a transaction stored, in that transaction: for each device and UTC day the first and last of those that were
/// inserted or filled. The statement itself finds out whether the push is on.
/// </summary>
internal static class OutboxNote
{
    private const string Sql = """
        INSERT INTO monitoring."OutboxRanges" ("DeviceId", "First", "Last", "Rows", "TraceParent")
        SELECT note.*, $5 FROM unnest($1, $2, $3, $4) AS note
         WHERE EXISTS (SELECT FROM monitoring."FleetPush")
        """;

    /// <returns>Null where nothing was stored.</returns>
    public static NpgsqlBatchCommand? Of(WriteSet set)
    {
        List<int> devices = [];
        List<DateTime> first = [];
        List<DateTime> last = [];
        List<int> rows = [];
        var dayEnds = 0L; // ticks, exclusive
        for (var i = 0; i < set.Count; i++)
        {
            if (!set.IsAccepted(i))
            {
                continue;
            }

            var row = set.Rows[i];
            if (devices.Count == 0 || devices[^1] != row.Device.DeviceId || row.Ticks >= dayEnds)
            {
                devices.Add(row.Device.DeviceId);
                first.Add(new DateTime(row.Ticks, DateTimeKind.Utc));
                last.Add(first[^1]);
                rows.Add(1);
                dayEnds = row.Ticks - (row.Ticks % TimeSpan.TicksPerDay) + TimeSpan.TicksPerDay;
            }
            else
            {
                last[^1] = new DateTime(row.Ticks, DateTimeKind.Utc);
                rows[^1]++;
            }
        }

        return devices.Count == 0
            ? null
            : new NpgsqlBatchCommand(Sql)
            {
                Parameters =
                {
                    new() { Value = devices, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer },
                    new() { Value = first, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz },
                    new() { Value = last, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz },
                    new() { Value = rows, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer },
                    new() { Value = Trace() ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
                },
            };
    }

    // Only a trace that is kept is worth following.
    private static string? Trace() => Activity.Current is { Recorded: true, IdFormat: ActivityIdFormat.W3C } activity ? activity.Id : null;
}
