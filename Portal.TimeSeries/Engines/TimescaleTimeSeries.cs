using Npgsql;
using Portal.Domain.Measurements;
using Portal.TimeSeries.RollUps;

namespace Portal.TimeSeries.Engines;

/// <summary>TimescaleDB: hypertable, continuous aggregates, compression.</summary>
internal sealed class TimescaleTimeSeries(SeriesLayout layout, NpgsqlDataSource dataSource, TimeProvider clock) : ITimeSeries
{
    /// <summary>UTC days refreshed in one pass: a refresh of a day takes some 30 ms, a few hundred where a thousand devices post every minute.</summary>
    private const int MostDays = 7;

    private readonly Bootstrap bootstrap = new(layout, TimeSeriesEngine.Timescale, Quantities.All);

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
        IReadOnlyList<(DeviceKey Device, DateTimeOffset QuarterHour)> touched,
        NpgsqlBatchCommand? besides,
        CancellationToken cancellationToken
    ) => TouchedRanges.NoteAsync(layout, connection, transaction, touched, besides, cancellationToken);

    public Task<RollUpPass?> RefreshAsync(CancellationToken cancellationToken) =>
        RollUpLock.TryRunAsync(
            layout,
            dataSource,
            connection => TimescaleRefresh.RunAsync(layout, connection, MostDays, clock, cancellationToken),
            cancellationToken
        );

    public Task<long> ForgetDeviceAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        DeviceKey device,
        CancellationToken cancellationToken
    ) => ForgottenDevice.DeleteAsync(layout, connection, transaction, device, cancellationToken);
}
