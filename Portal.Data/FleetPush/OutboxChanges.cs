using Npgsql;
using Portal.Data.Quarantine;

namespace Portal.Data.FleetPush;

/// <summary>What a change of a device means for the push, in the transaction of the change, which holds the catalogue exclusive.</summary>
internal static class OutboxChanges
{
    /// <summary>
    /// The device goes: its notes with it, and its serial from the fleet. Tombstones are made whether the push is on or not, as it may have
    /// been.
    /// </summary>
    /// <returns>False where there is no such device.</returns>
    public static async Task<bool> BuryAsync(CatalogueChange change, int deviceId, CancellationToken cancellationToken)
    {
        await using var command = change.Command(
            """
            WITH notes AS (DELETE FROM monitoring."OutboxRanges" WHERE "DeviceId" = $1),
                 days AS (DELETE FROM monitoring."LedgerDays" WHERE "DeviceId" = $1)
            INSERT INTO monitoring."DeviceTombstones" AS t ("ExternalId")
            SELECT "ExternalId" FROM monitoring."Devices" WHERE "Id" = $1
            ON CONFLICT ("ExternalId") DO UPDATE SET "DeletedAt" = now(), "PushedAt" = NULL
            """
        );
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = deviceId });
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    /// <summary>The device's serial, before it is changed; null where there is no such device.</summary>
    public static async Task<string?> SerialAsync(CatalogueChange change, int deviceId, CancellationToken cancellationToken)
    {
        await using var command = change.Command("""SELECT "ExternalId" FROM monitoring."Devices" WHERE "Id" = $1""");
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = deviceId });
        return await command.ExecuteScalarAsync(cancellationToken) as string;
    }

    /// <summary>
    /// A device has this serial from now on. A tombstone that the fleet has acknowledged is void; one that is still to be pushed stays until
    /// it is, since the fleet has the old device's rows under this serial.
    /// </summary>
    public static async Task BearAsync(CatalogueChange change, string externalId, CancellationToken cancellationToken)
    {
        await using var command = change.Command(
            """DELETE FROM monitoring."DeviceTombstones" WHERE "ExternalId" = $1 AND "PushedAt" IS NOT NULL"""
        );
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = externalId });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>
    /// The device has another serial from now on: for the fleet the old one is deleted, and all that is stored is the new one's.
    /// </summary>
    public static async Task RenameAsync(CatalogueChange change, int deviceId, string before, CancellationToken cancellationToken)
    {
        await using var command = change.Command(
            """
            WITH buried AS (
              INSERT INTO monitoring."DeviceTombstones" ("ExternalId") VALUES ($2)
              ON CONFLICT ("ExternalId") DO UPDATE SET "DeletedAt" = now(), "PushedAt" = NULL
            )
            SELECT monitoring.note_stored($1) WHERE EXISTS (SELECT FROM monitoring."FleetPush")
            """
        );
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = deviceId });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = before });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
