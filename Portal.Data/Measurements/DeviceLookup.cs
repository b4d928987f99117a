using Npgsql;

namespace Portal.Data.Measurements;

/// <summary>A device as a writer needs it.</summary>
/// <param name="Id">Key of its measurements.</param>
/// <param name="TimeZone">IANA name of its site's zone.</param>
internal readonly record struct DeviceSite(int Id, string TimeZone);

/// <summary>Opens a writing transaction: holds the catalogue still, then finds the devices of the serials, in one round trip.</summary>
internal static class DeviceLookup
{
    private const string Lock = "SELECT pg_advisory_xact_lock_shared($1)";

    private const string Find = """
        SELECT d."ExternalId", d."Id", s."TimeZone"
          FROM unnest($1) AS posted
          JOIN monitoring."Devices" d ON d."ExternalId" = posted
          JOIN monitoring."Sites" s ON s."Id" = d."SiteId"
        """;

    /// <returns>The known ones by serial; what is missing is no device's.</returns>
    public static async Task<Dictionary<string, DeviceSite>> LockAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        string[] externalIds,
        CancellationToken cancellationToken
    )
    {
        // Two statements: the second one's snapshot must be younger than the lock.
        await using var batch = new NpgsqlBatch(connection, transaction)
        {
            BatchCommands =
            {
                new(Lock) { Parameters = { new NpgsqlParameter<long> { TypedValue = CatalogueLock.Key } } },
                new(Find) { Parameters = { new NpgsqlParameter<string[]> { TypedValue = externalIds } } },
            },
        };

        var devices = new Dictionary<string, DeviceSite>(externalIds.Length, StringComparer.Ordinal);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            devices.Add(reader.GetString(0), new DeviceSite(reader.GetInt32(1), reader.GetString(2)));
        }

        return devices;
    }
}
