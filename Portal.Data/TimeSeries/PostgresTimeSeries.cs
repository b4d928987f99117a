using System.Collections.Concurrent;
using Npgsql;
using Portal.Domain.Measurements;

namespace Portal.Data.TimeSeries;

/// <summary>Plain PostgreSQL: monthly partitions made on demand, roll-up tables.</summary>
internal sealed class PostgresTimeSeries(NpgsqlDataSource dataSource, TimeProvider clock) : ITimeSeries
{
    private readonly Bootstrap bootstrap = new(TimeSeriesEngine.Postgres, Quantities.All);

    /// <summary>Months (counted from year 0) whose partition is known to be there. Bound: one for each month since MeterClock.Floor.</summary>
    private readonly ConcurrentDictionary<int, bool> months = new();

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
        ArgumentOutOfRangeException.ThrowIfGreaterThan(max, clock.GetUtcNow().AddDays(1));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(min, max);

        NpgsqlConnection? connection = null;
        try
        {
            for (var month = MonthOf(min); month <= MonthOf(max); month++)
            {
                if (!months.ContainsKey(month))
                {
                    connection ??= await dataSource.OpenConnectionAsync(cancellationToken);
                    await EnsureAsync(connection, new DateTimeOffset(month / 12, (month % 12) + 1, 1, 0, 0, 0, TimeSpan.Zero), cancellationToken);
                }
            }
        }
        finally
        {
            if (connection is not null)
            {
                await connection.DisposeAsync();
            }
        }
    }

    public Task NoteTouchedAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        IReadOnlyList<(int DeviceId, DateTimeOffset QuarterHour)> touched,
        CancellationToken cancellationToken
    ) => TouchedRanges.NoteAsync(connection, transaction, touched, cancellationToken);

    private async Task EnsureAsync(NpgsqlConnection connection, DateTimeOffset instant, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT monitoring.ensure_partition($1)", connection)
        {
            Parameters = { new() { Value = instant.UtcDateTime } },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
        months[MonthOf(instant)] = true;
    }

    private static int MonthOf(DateTimeOffset instant) => (instant.UtcDateTime.Year * 12) + instant.UtcDateTime.Month - 1;
}
