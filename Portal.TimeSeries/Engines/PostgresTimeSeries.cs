using Npgsql;
using Portal.Domain.Measurements;
using Portal.TimeSeries.RollUps;

namespace Portal.TimeSeries.Engines;

/// <summary>Plain PostgreSQL: monthly partitions made on demand, roll-up tables.</summary>
internal sealed class PostgresTimeSeries(SeriesLayout layout, NpgsqlDataSource dataSource, TimeProvider clock) : ITimeSeries
{
    /// <summary>Quarter hours of one pass: about 40 ms of work for a meter a minute, so a device's deletion or claim never waits long for one.</summary>
    private const int MostBuckets = 2000;

    /// <summary>A row's time was judged when it came in, perhaps by a clock that has been set back since.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromDays(1);

    private readonly Bootstrap bootstrap = new(layout, TimeSeriesEngine.Postgres, Quantities.All);

    public async Task<TimeSeriesEngine> BootstrapAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await bootstrap.RunAsync(connection, cancellationToken);
        var now = clock.GetUtcNow();
        await EnsureAsync(connection, now, cancellationToken);
        await EnsureAsync(connection, now.AddMonths(1), cancellationToken);
        return TimeSeriesEngine.Postgres;
    }

    public Task<string?> MissingAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        bootstrap.MissingAsync(connection, cancellationToken);

    public async Task EnsureTimeRangeAsync(DateTimeOffset min, DateTimeOffset max, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(min, MeterClock.Floor);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(max, clock.GetUtcNow() + layout.MaxAhead + Slack);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(min, max);

        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var first = min.UtcDateTime;
        for (var month = new DateTimeOffset(first.Year, first.Month, 1, 0, 0, 0, TimeSpan.Zero); month <= max; month = month.AddMonths(1))
        {
            await EnsureAsync(connection, month, cancellationToken);
        }
    }

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
            async connection =>
            {
                await using var command = new NpgsqlCommand(
                    $"SELECT notes, buckets, coalesce(clock_timestamp() - oldest, interval '0') FROM {layout.Schema}.refresh_roll_ups($1)",
                    connection
                )
                {
                    Parameters = { new() { Value = MostBuckets } },
                };
                await using var reader = await command.ExecuteReaderAsync(cancellationToken);
                await reader.ReadAsync(cancellationToken);
                var buckets = reader.GetInt32(1);
                return new RollUpPass(reader.GetInt32(0), buckets, reader.GetTimeSpan(2), More: buckets > MostBuckets / 2);
            },
            cancellationToken
        );

    public Task<long> ForgetDeviceAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        DeviceKey device,
        CancellationToken cancellationToken
    ) => ForgottenDevice.DeleteAsync(layout, connection, transaction, device, cancellationToken);

    private async Task EnsureAsync(NpgsqlConnection connection, DateTimeOffset instant, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"SELECT {layout.Schema}.ensure_partition($1)", connection)
        {
            Parameters = { new() { Value = instant.UtcDateTime } },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
