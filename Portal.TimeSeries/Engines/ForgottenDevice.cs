using Npgsql;

namespace Portal.TimeSeries.Engines;

/// <summary>Deletes what is stored of a device's measurements; each engine has the function.</summary>
internal static class ForgottenDevice
{
    public static async Task<long> DeleteAsync(
        SeriesLayout layout,
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        DeviceKey device,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand($"SELECT {layout.Schema}.forget_device($1{layout.Customer(", $2")})", connection, transaction)
        {
            CommandTimeout = 300, // years of a device's rows
            Parameters = { new() { Value = device.DeviceId } },
        };
        if (layout.HasCustomers)
        {
            command.Parameters.Add(new() { Value = device.CustomerId });
        }

        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
