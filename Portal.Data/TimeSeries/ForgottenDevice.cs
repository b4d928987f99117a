using Npgsql;

namespace Portal.Data.TimeSeries;

/// <summary>Deletes what is stored of a device's measurements; each engine has the function.</summary>
internal static class ForgottenDevice
{
    public static async Task<long> DeleteAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        int deviceId,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand("SELECT monitoring.forget_device($1)", connection, transaction)
        {
            CommandTimeout = 300, // years of a device's rows
            Parameters = { new() { Value = deviceId } },
        };
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
