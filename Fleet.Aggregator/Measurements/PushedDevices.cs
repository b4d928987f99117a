using Npgsql;
using Portal.TimeSeries;

namespace Fleet.Aggregator.Measurements;

/// <summary>Finds the devices of pushed serials, each among its customer's.</summary>
internal static class PushedDevices
{
    /// <summary>Pushed times are instants, so no zone is ever applied to them.</summary>
    private const string NoZone = "Etc/UTC";

    /// <returns>The known ones; what is missing is no device's, or a deleted one's.</returns>
    public static async Task<IReadOnlyDictionary<PostedSerial, DeviceSite>> FindAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        IReadOnlyCollection<PostedSerial> serials,
        CancellationToken cancellationToken
    )
    {
        var devices = new Dictionary<PostedSerial, DeviceSite>(serials.Count);
        if (serials.Count == 0)
        {
            return devices;
        }

        await using var command = new NpgsqlCommand(
            """
            SELECT pushed.customer, pushed.serial, d."Id"
              FROM unnest($1, $2) AS pushed (customer, serial)
             CROSS JOIN LATERAL (
               SELECT "Id" FROM fleet."Devices"
                WHERE "CustomerId" = pushed.customer AND "ExternalId" = pushed.serial AND "DeletedAt" IS NULL
                LIMIT 1
             ) AS d
            """,
            connection,
            transaction
        )
        {
            Parameters =
            {
                new NpgsqlParameter<int[]> { TypedValue = [.. serials.Select(serial => serial.CustomerId)] },
                new NpgsqlParameter<string[]> { TypedValue = [.. serials.Select(serial => serial.ExternalId)] },
            },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var customer = reader.GetInt32(0);
            devices.Add(new PostedSerial(reader.GetString(1), customer), new DeviceSite(new DeviceKey(reader.GetInt32(2), customer), NoZone));
        }

        return devices;
    }
}
