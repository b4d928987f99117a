using Npgsql;
using Portal.Domain.Measurements;

namespace Portal.Data.TimeSeries;

/// <summary>TimescaleDB: hypertable, continuous aggregates, compression.</summary>
internal sealed class TimescaleTimeSeries(NpgsqlDataSource dataSource, TimeProvider clock) : ITimeSeries
{
    /// <summary>UTC days refreshed in one pass: a refresh of a day takes some 30 ms, a few hundred where a thousand devices post every minute.</summary>
    private const int MostDays = 7;

    private readonly Bootstrap bootstrap = new(TimeSeriesEngine.Timescale, Quantities.All);

    public async Task<TimeSeriesEngine> BootstrapAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await bootstrap.RunAsync(connection, cancellationToken);
        return TimeSeriesEngine.Timescale;
    }

    public Task<string?> MissingAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        bootstrap.MissingAsync(connection, cancellationToken);

    /// <summary>Chunks make themselves.</summary>
    public Task EnsureTimeRangeAsync(DateTimeOffset min, DateTimeOffset max, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task NoteTouchedAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        IReadOnlyList<(int DeviceId, DateTimeOffset QuarterHour)> touched,
        CancellationToken cancellationToken
    ) => TouchedRanges.NoteAsync(connection, transaction, touched, cancellationToken);

    public Task<RollUpPass?> RefreshAsync(CancellationToken cancellationToken) =>
        RollUpLock.TryRunAsync(dataSource, connection => TimescaleRefresh.RunAsync(connection, MostDays, clock, cancellationToken), cancellationToken);

    public Task<long> ForgetDeviceAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        int deviceId,
        CancellationToken cancellationToken
    ) => ForgottenDevice.DeleteAsync(connection, transaction, deviceId, cancellationToken);
}
