using Fleet.Aggregator.Customers;
using Fleet.Aggregator.Silences;
using Npgsql;
using Portal.Contracts.Fleet;

namespace Fleet.Aggregator.Push;

/// <summary>What heartbeats say of their stacks, noted with their customers. They leave no event.</summary>
internal static class Heartbeats
{
    private static readonly string Note = $"""
        UPDATE fleet."Customers" c
           SET "LastPushAt" = GREATEST(c."LastPushAt", s."At"), "LastHeartbeatAt" = s."At",
               "HeartbeatSeconds" = {Cadence.Learned("c.\"HeartbeatSeconds\"", "0", "NULLIF(EXTRACT(EPOCH FROM s.\"At\" - c.\"LastHeartbeatAt\")::double precision, 0)")},
               "SoftwareVersion" = s."Software", "ProtocolVersion" = s."Protocol", "ClockSkewSeconds" = s."Skew", "BacklogRows" = s."Backlog",
               "StackNewestTime" = s."Newest", "DiskFreeBytes" = s."Disk", "LastBackupAt" = s."Backup"
          FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9) AS s ("Id", "At", "Software", "Protocol", "Skew", "Backlog", "Newest", "Disk", "Backup")
         WHERE c."Id" = ANY (ARRAY[s."Id"]) AND (c."LastHeartbeatAt" IS NULL OR c."LastHeartbeatAt" <= s."At")
        """;

    /// <param name="heartbeats">One for each customer at most.</param>
    public static NpgsqlBatchCommand Command(IReadOnlyList<PushTicket> heartbeats) =>
        new(Note)
        {
            Parameters =
            {
                new NpgsqlParameter<int[]> { TypedValue = [.. heartbeats.Select(beat => beat.CustomerId)] },
                PushRecords.Instants(heartbeats.Select(beat => (DateTime?)beat.Receipt.ReceivedAt.UtcDateTime)),
                Column(heartbeats, (client, _) => Shown(client.SoftwareVersion)),
                Column(heartbeats, (client, beat) => client.ProtocolVersion == 0 ? beat.Batch.ProtocolVersion : client.ProtocolVersion),
                Column(heartbeats, (client, beat) => (client.Clock - beat.Receipt.ReceivedAt)?.TotalSeconds),
                Column(heartbeats, (client, _) => client.BacklogRows),
                PushRecords.Instants(heartbeats.Select(beat => beat.Batch.Client!.NewestTime?.UtcDateTime)),
                Column(heartbeats, (client, _) => client.DiskFreeBytes),
                PushRecords.Instants(heartbeats.Select(beat => beat.Batch.Client!.LastBackupAt?.UtcDateTime)),
            },
        };

    // It comes from outside: one line, and no longer than its column.
    private static string? Shown(string? version) =>
        version is null ? null : new string([.. version.Where(c => !char.IsControl(c) && !char.IsSurrogate(c)).Take(Customer.MaxVersionLength)]);

    private static NpgsqlParameter<T[]> Column<T>(IReadOnlyList<PushTicket> heartbeats, Func<PushClient, PushTicket, T> value) =>
        new() { TypedValue = [.. heartbeats.Select(beat => value(beat.Batch.Client!, beat))] };
}
