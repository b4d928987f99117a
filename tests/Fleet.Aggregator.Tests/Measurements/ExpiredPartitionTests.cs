using Fleet.Aggregator.Measurements;
using Portal.Testing;

namespace Fleet.Aggregator.Tests.Measurements;

/// <summary>On plain PostgreSQL old months go while people read and stacks push, and a removal that was broken off anywhere is finished by the next run.</summary>
public sealed class ExpiredPartitionTests : IAsyncLifetime
{
    private const int KeepDays = 62;

    // The month of the day 62 days before now begins here.
    private static readonly DateTimeOffset Kept = new(2026, 9, 1, 0, 0, 0, TimeSpan.Zero);

    private FleetDatabase database = null!;
    private int customer;

    public async Task InitializeAsync()
    {
        if (PostgresServer.Missing is not null) return;
        database = await FleetDatabase.CreateAsync();
        customer = await database.CustomerAsync("ABC0001");
        await database.DeviceAsync(customer, "AN1");
        var batch = Pushes.Minutes("AN1", Kept.AddDays(-3), 60);
        Pushes.Add(batch, "AN1", Kept.AddDays(-40), []);
        Pushes.Add(batch, "AN1", Kept.AddDays(-70), []);
        await database.Writer.PushAsync(customer, batch);
        Assert.Equal("2026_06 2026_07 2026_08", await OldAsync());
    }

    public async Task DisposeAsync()
    {
        if (database is not null) await database.DisposeAsync();
    }

    [PostgresFact]
    public async Task Readers_and_writers_go_on_while_a_month_waits_for_a_long_reader()
    {
        await using var connection = await database.DataSource.OpenConnectionAsync();
        await using var reading = await connection.BeginTransactionAsync();
        await ReadAsync(connection);
        var run = database.Get<Retention>().RunAsync(KeepDays, default);
        await WaitingAsync(run);

        await database.Writer.PushAsync(customer, Pushes.Minutes("AN1", FleetDatabase.Now.AddHours(-1), 5));
        Assert.Equal(5L, await database.ScalarAsync<long>($"""SELECT count(*) FROM fleet."PowerMeasurements" WHERE "Time" >= '{Kept:O}'"""));
        Assert.False(run.IsCompleted);
        await reading.CommitAsync();

        Assert.Equal(3, await run);
        Assert.Equal("", await OldAsync());
        Assert.Equal(60L, await database.ScalarAsync<long>($"SELECT sum(samples)::bigint FROM fleet.hourly_per_device WHERE bucket >= '{Kept.AddDays(-3):O}' AND bucket < '{Kept:O}'"));
    }

    [PostgresFact]
    public async Task A_removal_that_was_broken_off_is_finished_by_the_next_run()
    {
        await using var connection = await database.DataSource.OpenConnectionAsync();
        await using var reading = await connection.BeginTransactionAsync();
        await ReadAsync(connection);
        using var broken = new CancellationTokenSource();
        var run = database.Get<Retention>().RunAsync(KeepDays, broken.Token);
        await WaitingAsync(run);
        await broken.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        await reading.CommitAsync();
        Assert.True(await database.ScalarAsync<bool>("SELECT bool_or(inhdetachpending) FROM pg_inherits WHERE inhparent = 'fleet.\"PowerMeasurements\"'::regclass"));

        Assert.Equal(3, await database.Get<Retention>().RunAsync(KeepDays, default));
        Assert.Equal("", await OldAsync());
    }

    [PostgresFact]
    public async Task A_month_that_was_taken_off_and_not_dropped_goes_and_one_that_somebody_took_off_by_hand_stays()
    {
        await database.ExecuteAsync(
            """
            COMMENT ON TABLE fleet."PowerMeasurements_2026_08" IS 'expired';
            ALTER TABLE fleet."PowerMeasurements" DETACH PARTITION fleet."PowerMeasurements_2026_08";
            ALTER TABLE fleet."PowerMeasurements" DETACH PARTITION fleet."PowerMeasurements_2026_07";
            """);

        Assert.Equal(2, await database.Get<Retention>().RunAsync(KeepDays, default));

        Assert.Equal("2026_07", await OldAsync());
    }

    private static async Task ReadAsync(Npgsql.NpgsqlConnection connection)
    {
        await using var read = new Npgsql.NpgsqlCommand("""SELECT count(*) FROM fleet."PowerMeasurements" """, connection);
        await read.ExecuteScalarAsync();
    }

    // Tables of months before those that are kept, attached or not.
    private async Task<string> OldAsync() =>
        await database.ScalarAsync<string>("SELECT coalesce(string_agg(right(relname, 7), ' ' ORDER BY relname), '') FROM pg_class WHERE relnamespace = 'fleet'::regnamespace AND relkind = 'r' AND relname ~ '^PowerMeasurements_' AND relname < 'PowerMeasurements_2026_09'");

    private async Task WaitingAsync(Task run)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (!await database.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%DETACH PARTITION%CONCURRENTLY')"))
        {
            Assert.False(run.IsCompleted, run.Exception?.ToString());
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, deadline.Token);
        }
    }
}
