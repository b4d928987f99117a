using System.Text.Json;
using Fleet.Aggregator.Events;
using Fleet.Aggregator.Ledger;
using Fleet.Aggregator.Silences;
using Npgsql;
using NpgsqlTypes;
using Portal.Contracts.Fleet;
using Portal.TimeSeries;

namespace Fleet.Aggregator.Push;

/// <summary>What a commit of batches notes beside their rows: events, and when customers and devices were heard of.</summary>
internal sealed class PushRecords
{
    // A replay wave delivers a day within seconds: what moves on faster than twice the clock teaches nothing.
    private const string Interval = """
        (CASE WHEN 2 * (s."ReceivedAt" - d."AdvancedAt") >= s."Time" - d."LastTime"
              THEN EXTRACT(EPOCH FROM s."Time" - d."LastTime")::double precision END)
        """;

    // By ANY (ARRAY[…]) and BETWEEN, as IndexOnly says.
    private static readonly string NoteDevices = $"""
        UPDATE fleet."Devices" d
           SET "LastTime" = s."Time", "AdvancedAt" = s."ReceivedAt",
               "CadenceSeconds" = {Cadence.Learned("d.\"CadenceSeconds\"", "d.\"CadenceSamples\"", Interval)},
               "CadenceSamples" = {Cadence.Counted("d.\"CadenceSamples\"", Interval)}
          FROM unnest($1, $2, $3, $4) AS s ("CustomerId", "DeviceId", "Time", "ReceivedAt")
         WHERE d."CustomerId" = ANY (ARRAY[s."CustomerId"]) AND d."Id" BETWEEN s."DeviceId" AND s."DeviceId" AND (d."LastTime" IS NULL OR d."LastTime" < s."Time")
        """;

    private const string NotePushes = """
        UPDATE fleet."Customers" c
           SET "LastPushAt" = GREATEST(c."LastPushAt", s."At"), "NewestTime" = GREATEST(c."NewestTime", s."Newest")
          FROM unnest($1, $2, $3) AS s ("Id", "At", "Newest")
         WHERE c."Id" = ANY (ARRAY[s."Id"])
        """;

    private readonly List<IngestEvent> events = [];
    private readonly Dictionary<DeviceKey, (long Ticks, DateTimeOffset ReceivedAt)> newest = [];
    private readonly HashSet<DeviceDay> changed = [];
    private (DeviceKey Device, int Day) last; // that was added to them: rows come by device and day

    /// <summary>A batch is written for the first time, and answered so.</summary>
    public void Add(PushTicket batch, PushAnswer answer) => events.Add(Accepted(batch, answer));

    /// <summary>A row is stored.</summary>
    /// <param name="isChanged">By this commit; false: it was before.</param>
    public void AddRow(DeviceKey device, long ticks, DateTimeOffset receivedAt, bool isChanged)
    {
        var day = (int)(ticks / TimeSpan.TicksPerDay);
        if (isChanged && last != (device, day))
        {
            changed.Add(new DeviceDay(device, DateOnly.FromDayNumber(day)));
            last = (device, day);
        }

        if (!newest.TryGetValue(device, out var known) || known.Ticks < ticks)
        {
            newest[device] = (ticks, receivedAt);
        }
    }

    /// <summary>Writes it all in one round trip. The customers' rows are held.</summary>
    public async Task WriteAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        IReadOnlyList<PushTicket> heartbeats,
        CancellationToken cancellationToken
    )
    {
        await using var batch = new NpgsqlBatch(connection, transaction);
        if (events.Count > 0)
        {
            batch.BatchCommands.Add(IngestEventWriter.Command(events));
            batch.BatchCommands.Add(Pushes());
        }

        if (newest.Count > 0)
        {
            batch.BatchCommands.Add(Devices());
        }

        if (changed.Count > 0)
        {
            batch.BatchCommands.Add(ChangedDays.Command(changed));
        }

        if (heartbeats.Count > 0)
        {
            batch.BatchCommands.Add(Heartbeats.Command(heartbeats));
        }

        if (batch.BatchCommands.Count > 0)
        {
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private NpgsqlBatchCommand Pushes()
    {
        var newestOf = newest
            .GroupBy(device => device.Key.CustomerId)
            .ToDictionary(customer => customer.Key, customer => new DateTime(customer.Max(device => device.Value.Ticks), DateTimeKind.Utc));
        return new NpgsqlBatchCommand(NotePushes)
        {
            Parameters =
            {
                Integers(events.Select(e => e.CustomerId)),
                Instants(events.Select(e => (DateTime?)e.ReceivedAt.UtcDateTime)),
                Instants(events.Select(e => newestOf.TryGetValue(e.CustomerId, out var time) ? time : (DateTime?)null)),
            },
        };
    }

    private NpgsqlBatchCommand Devices() =>
        new(NoteDevices)
        {
            Parameters =
            {
                Integers(newest.Keys.Select(device => device.CustomerId)),
                Integers(newest.Keys.Select(device => device.DeviceId)),
                Instants(newest.Values.Select(row => (DateTime?)new DateTime(row.Ticks, DateTimeKind.Utc))),
                Instants(newest.Values.Select(row => (DateTime?)row.ReceivedAt.UtcDateTime)),
            },
        };

    /// <summary>The event of a batch that was accepted.</summary>
    private static IngestEvent Accepted(PushTicket ticket, PushAnswer answer)
    {
        var (oldest, newest) = Times(ticket.Batch);
        return new IngestEvent
        {
            CustomerId = ticket.CustomerId,
            BatchId = ticket.Batch.Id,
            BatchType = ticket.Batch.Type,
            Status = StatusCodes.Status200OK,
            RowsReceived = answer.Accepted + answer.Duplicate + answer.Rejected,
            RowsAccepted = answer.Accepted,
            RowsDuplicate = answer.Duplicate,
            RowsRejected = answer.Rejected,
            MinTime = oldest,
            MaxTime = newest,
            ReceivedAt = ticket.Receipt.ReceivedAt,
            DurationMs = ticket.Receipt.Elapsed.TotalMilliseconds,
            Bytes = ticket.Receipt.Bytes,
            TraceId = ticket.Receipt.TraceId,
            Rejections = answer.Rejections.Count == 0 ? null : JsonSerializer.Serialize(answer.Rejections, PushJson.Default.IReadOnlyListRejection),
        };
    }

    // Of all rows with a time, refused ones too: it shows what the stack is at.
    private static (DateTimeOffset? Oldest, DateTimeOffset? Newest) Times(PushedBatch batch)
    {
        var (oldest, newest) = (long.MaxValue, 0L);
        foreach (var key in batch.Measurements is { } post ? post.Batch.Keys : [])
        {
            if (key.Ticks > 0)
            {
                (oldest, newest) = (Math.Min(oldest, key.Ticks), Math.Max(newest, key.Ticks));
            }
        }

        return newest == 0 ? (null, null) : (new DateTimeOffset(oldest, TimeSpan.Zero), new DateTimeOffset(newest, TimeSpan.Zero));
    }

    private static NpgsqlParameter<int[]> Integers(IEnumerable<int> values) => new() { TypedValue = [.. values] };

    internal static NpgsqlParameter<DateTime?[]> Instants(IEnumerable<DateTime?> instants) =>
        new() { TypedValue = [.. instants], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz };
}
