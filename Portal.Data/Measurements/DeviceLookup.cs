using Npgsql;
using Portal.TimeSeries;

namespace Portal.Data.Measurements;

/// <summary>Opens a writing transaction: holds the catalogue still, then finds the devices of the serials, in one round trip.</summary>
internal static class DeviceLookup
{
    public static readonly IReadOnlyDictionary<PostedSerial, DeviceSite> None = new Dictionary<PostedSerial, DeviceSite>();

    private const string Lock = "SELECT pg_advisory_xact_lock_shared($1)";

    private const string Find = """
        SELECT d."ExternalId", d."Id", s."TimeZone"
          FROM unnest($1) AS posted
          JOIN monitoring."Devices" d ON d."ExternalId" = posted
          JOIN monitoring."Sites" s ON s."Id" = d."SiteId"
        """;

    /// <returns>The known ones by serial; what is missing is no device's.</returns>
    public static async Task<IReadOnlyDictionary<PostedSerial, DeviceSite>> LockAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        IReadOnlyCollection<PostedSerial> serials,
        CancellationToken cancellationToken
    )
    {
        // Two statements: the second one's snapshot must be younger than the lock.
        await using var batch = new NpgsqlBatch(connection, transaction)
        {
            BatchCommands =
            {
                new(Lock) { Parameters = { new NpgsqlParameter<long> { TypedValue = CatalogueLock.Key } } },
                new(Find) { Parameters = { new NpgsqlParameter<string[]> { TypedValue = serials.Select(serial => serial.ExternalId).ToArray() } } },
            },
        };

        var devices = new Dictionary<PostedSerial, DeviceSite>(serials.Count);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            devices.Add(new PostedSerial(reader.GetString(0)), new DeviceSite(new DeviceKey(reader.GetInt32(1)), reader.GetString(2)));
        }

        return devices;
    }
}
