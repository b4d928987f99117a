using Microsoft.Extensions.Time.Testing;
using Npgsql;
using Portal.Domain.Measurements;
using Portal.Testing;

namespace Portal.Data.Tests.TimeSeries;

public sealed class PartitionTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider clock = new(Now);
    private string database = "";
    private PortalHost host = null!;

    public async Task InitializeAsync()
    {
        if (PostgresServer.Missing is null)
        {
            database = await PostgresServer.CreateDatabaseAsync("partitions");
            host = await PortalHost.MigratedAsync(database, clock);
        }
    }

    public async Task DisposeAsync()
    {
        if (host is not null)
        {
            await host.DisposeAsync();
        }
    }

    [PostgresFact]
    public async Task A_fresh_table_has_this_month_and_the_next()
    {
        Assert.Equal(["PowerMeasurements_2026_11", "PowerMeasurements_2026_12"], await PartitionsAsync());
    }

    [PostgresFact]
    public async Task A_range_gets_every_month_it_touches_cut_at_UTC_midnight()
    {
        await host.ExecuteAsync("DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET TimeZone = %L', current_database(), 'Africa/Johannesburg'); END $$");
        host.DataSource.Clear();
        await host.TimeSeries.EnsureTimeRangeAsync(
            new DateTimeOffset(2026, 3, 1, 1, 0, 0, TimeSpan.FromHours(2)), // 28 February, 23:00 UTC
            new DateTimeOffset(2026, 3, 31, 23, 59, 59, TimeSpan.Zero),
            default
        );

        Assert.Equal(["PowerMeasurements_2026_02", "PowerMeasurements_2026_03", "PowerMeasurements_2026_11", "PowerMeasurements_2026_12"], await PartitionsAsync());
        await TestRows.WriteAsync(
            host,
            TestRow.Of(1, new DateTimeOffset(2026, 2, 28, 23, 59, 59, TimeSpan.Zero), 1),
            TestRow.Of(1, new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero), 2)
        );
        Assert.Equal(1, await host.ScalarAsync<long>("""SELECT count(*) FROM monitoring."PowerMeasurements_2026_02" """));
    }

    [PostgresFact]
    public async Task Writers_that_miss_the_same_month_at_once_all_find_it()
    {
        var writers = new List<PortalHost>();
        for (var i = 0; i < 8; i++)
        {
            writers.Add(PortalHost.Create(database, clock: clock)); // processes of their own: none knows what another has made
        }

        await Task.WhenAll(writers.Select((writer, i) => TestRows.WriteAsync(writer, TestRow.Of(i, new DateTimeOffset(2026, 5, 5, 0, 0, 0, TimeSpan.Zero), i))));

        Assert.Equal(8, await host.ScalarAsync<long>("""SELECT count(*) FROM monitoring."PowerMeasurements_2026_05" """));
        foreach (var writer in writers)
        {
            await writer.DisposeAsync();
        }
    }

    [PostgresFact]
    public async Task A_new_month_waits_neither_for_readers_nor_for_writers()
    {
        await using var reader = await host.DataSource.OpenConnectionAsync();
        await using var reading = await reader.BeginTransactionAsync();
        await using var read = new NpgsqlCommand("""SELECT count(*) FROM monitoring."PowerMeasurements" """, reader, reading);
        await read.ExecuteScalarAsync();
        await using var writer = await host.DataSource.OpenConnectionAsync();
        await using var writing = await writer.BeginTransactionAsync();
        await TestRows.WriteAsync(host, writer, writing, [TestRow.Of(1, Now, 1)]);

        await host.TimeSeries.EnsureTimeRangeAsync(Now.AddMonths(-2), Now.AddMonths(-2), default).WaitAsync(TimeSpan.FromSeconds(30));

        await writing.CommitAsync();
    }

    [PostgresFact]
    public async Task A_mistaken_clock_makes_no_partition()
    {
        var floor = MeterClock.Floor;
        foreach (var (min, max) in ((DateTimeOffset, DateTimeOffset)[])
            [(floor.AddTicks(-10), Now), (Now, Now.AddDays(1).Add(MeterClock.MaxAhead).AddTicks(10)), (Now, Now.AddTicks(-10)), (DateTimeOffset.MinValue, DateTimeOffset.MaxValue)])
        {
            await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => host.TimeSeries.EnsureTimeRangeAsync(min, max, default));
        }

        Assert.Equal(2, (await PartitionsAsync()).Count);
        await host.TimeSeries.EnsureTimeRangeAsync(floor, floor, default);
        Assert.Equal(3, (await PartitionsAsync()).Count);
    }

    [PostgresFact]
    public async Task A_month_that_somebody_dropped_is_made_again()
    {
        await host.TimeSeries.EnsureTimeRangeAsync(Now, Now, default);
        await host.ExecuteAsync("""DROP TABLE monitoring."PowerMeasurements_2026_11" """);

        await host.TimeSeries.EnsureTimeRangeAsync(Now, Now, default);

        Assert.Equal(["PowerMeasurements_2026_11", "PowerMeasurements_2026_12"], await PartitionsAsync());
    }

    [PostgresFact]
    public async Task A_month_that_was_detached_by_hand_is_said_to_be()
    {
        await host.ExecuteAsync("""ALTER TABLE monitoring."PowerMeasurements" DETACH PARTITION monitoring."PowerMeasurements_2026_12" """);
        await using var another = PortalHost.Create(database, clock: new FakeTimeProvider(Now.AddMonths(1)));

        var error = await Assert.ThrowsAsync<PostgresException>(() =>
            another.TimeSeries.EnsureTimeRangeAsync(Now.AddMonths(1), Now.AddMonths(1), default)
        );
        Assert.Contains("attach it again", error.Hint, StringComparison.Ordinal);
    }

    private async Task<List<string>> PartitionsAsync()
    {
        await using var command = host.DataSource.CreateCommand(
            "SELECT relname::text FROM pg_class WHERE oid IN (SELECT inhrelid FROM pg_inherits) AND relkind = 'r' ORDER BY relname"
        );
        await using var reader = await command.ExecuteReaderAsync();
        var names = new List<string>();
        while (await reader.ReadAsync())
        {
            names.Add(reader.GetString(0));
        }

        return names;
    }
}
