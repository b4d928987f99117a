using Npgsql;
using Portal.Data.Connection;
using Portal.Testing;
using Portal.TimeSeries;

namespace Portal.Data.Tests.TimeSeries;

public sealed class PostgresRollUpTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2024, 10, 30, 0, 0, 0, TimeSpan.Zero); // over the end of a month, into another partition

    private string database = "";
    private PortalHost host = null!;

    public async Task InitializeAsync()
    {
        if (PostgresServer.Missing is null)
        {
            database = await PostgresServer.CreateDatabaseAsync("rollups");
            host = await PortalHost.MigratedAsync(database);
        }
    }

    public async Task DisposeAsync()
    {
        if (host is not null)
        {
            await host.DisposeAsync();
        }
    }

    [PostgresTheory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Relations_equal_the_raw_rows_at_every_moment(int seed)
    {
        var meters = new RandomMeters(seed, Start);
        var random = new Random(seed);
        for (var step = 0; step < 40; step++)
        {
            await TestRows.WriteAsync(host, meters.Post());
            if (random.Next(4) == 0)
            {
                await host.TimeSeries.RefreshAsync(default);
            }

            if (random.Next(4) == 0)
            {
                await BruteForce.AssertRelationsAsync(host); // partly dirty
            }
        }

        await TestRows.RefreshAllAsync(host);
        Assert.Equal(0, await NotesAsync());
        await BruteForce.AssertRelationsAsync(host);
    }

    [PostgresFact]
    public async Task A_bucket_whose_rows_are_gone_goes_too()
    {
        await TestRows.WriteAsync(host, TestRow.Of(1, Start, 1), TestRow.Of(1, Start.AddMinutes(20), 2), TestRow.Of(1, Start.AddHours(1), 3));
        await TestRows.RefreshAllAsync(host);

        await host.ExecuteAsync("""DELETE FROM monitoring."PowerMeasurements" WHERE "ActivePowerKw" IN (2, 3)""");
        await using (var connection = await host.DataSource.OpenConnectionAsync())
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await host.TimeSeries.NoteTouchedAsync(connection, transaction, [(new DeviceKey(1), Start.AddMinutes(20)), (new DeviceKey(1), Start.AddHours(1))], null, default);
            await transaction.CommitAsync();
        }

        await BruteForce.AssertRelationsAsync(host);
        await TestRows.RefreshAllAsync(host);
        await BruteForce.AssertRelationsAsync(host);
        Assert.Equal(1, await host.ScalarAsync<long>("""SELECT count(*) FROM monitoring."QuarterHourlyRollUps" """));
        Assert.Equal(1, await host.ScalarAsync<long>("""SELECT count(*) FROM monitoring."HourlyRollUps" """));
    }

    [PostgresFact]
    public async Task A_note_that_commits_while_a_pass_is_under_way_is_kept_for_the_next()
    {
        await TestRows.WriteAsync(host, TestRow.Of(1, Start, 10));
        await TestRows.RefreshAllAsync(host);
        await TestRows.WriteAsync(host, TestRow.Of(1, Start.AddMinutes(1), 20));

        // Whoever holds the roll-up's row stops a pass after it has read the notes and the raw rows.
        await using var blocker = await host.DataSource.OpenConnectionAsync();
        await using var blocking = await blocker.BeginTransactionAsync();
        await using (var block = new NpgsqlCommand("""SELECT FROM monitoring."QuarterHourlyRollUps" FOR UPDATE""", blocker, blocking))
        {
            await block.ExecuteNonQueryAsync();
        }

        var pass = host.TimeSeries.RefreshAsync(default);
        await PortalHost.EventuallyAsync(
            () => IsWaitedForAsync(blocker),
            "the pass waits for the row"
        );
        await TestRows.WriteAsync(host, TestRow.Of(1, Start.AddMinutes(2), 30));
        await blocking.RollbackAsync();
        Assert.Equal(1, (await pass)!.Notes);

        Assert.Equal(1, await NotesAsync());
        await BruteForce.AssertRelationsAsync(host);
        await TestRows.RefreshAllAsync(host);
        await BruteForce.AssertRelationsAsync(host);
        Assert.Equal(3, await host.ScalarAsync<long>("""SELECT samples FROM monitoring."HourlyRollUps" """));
    }

    [PostgresFact]
    public async Task Rows_that_are_not_committed_yet_are_neither_seen_nor_forgotten()
    {
        await TestRows.WriteAsync(host, TestRow.Of(1, Start, 10));
        await using var connection = await host.DataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await TestRows.WriteAsync(host, connection, transaction, [TestRow.Of(1, Start.AddMinutes(5), 20)]);

        await TestRows.RefreshAllAsync(host);
        Assert.Equal(1, await host.ScalarAsync<long>("""SELECT samples FROM monitoring."HourlyRollUps" """));

        await transaction.CommitAsync();
        await BruteForce.AssertRelationsAsync(host);
        await TestRows.RefreshAllAsync(host);
        Assert.Equal(2, await host.ScalarAsync<long>("""SELECT samples FROM monitoring."HourlyRollUps" """));
    }

    [PostgresFact]
    public async Task A_pass_is_bounded_and_says_that_there_is_more()
    {
        await TestRows.WriteAsync(host, TestRow.Of(1, Start, 1));
        await host.ExecuteAsync(
            """
            INSERT INTO monitoring."TouchedRanges" ("DeviceId", "From", "To")
            SELECT 1, day, day + interval '1 day' FROM generate_series(timestamptz '2024-01-01Z', '2024-02-28Z', interval '1 day') AS day
            """
        );

        var pass = (await host.TimeSeries.RefreshAsync(default))!;
        Assert.InRange(pass.Buckets, 1_900, 2_000);
        Assert.True(pass.More);
        Assert.InRange(await NotesAsync(), 1, 58);

        await TestRows.RefreshAllAsync(host);
        await BruteForce.AssertRelationsAsync(host);
    }

    [PostgresFact]
    public async Task Of_two_processes_one_leads_and_the_other_leaves_the_notes_to_it()
    {
        await TestRows.WriteAsync(host, TestRow.Of(1, Start, 1));
        await using var leader = await host.DataSource.OpenConnectionAsync();
        await using var takeLead = new NpgsqlCommand($"SELECT pg_advisory_lock({AdvisoryLocks.RollUps})", leader);
        await takeLead.ExecuteNonQueryAsync();

        Assert.Null(await host.TimeSeries.RefreshAsync(default));
        Assert.Equal(1, await NotesAsync());

        // A leader whose connection is lost leads no more.
        await host.ExecuteAsync($"SELECT pg_terminate_backend({leader.ProcessID})");
        await TestRows.RefreshAllAsync(host);
        Assert.Equal(0, await NotesAsync());
        Assert.True(await host.ScalarAsync<bool>($"SELECT pg_try_advisory_lock({AdvisoryLocks.RollUps})"));
    }

    [PostgresFact]
    public async Task A_pass_waits_for_a_device_that_is_being_deleted_and_leaves_nothing_of_it()
    {
        await TestRows.WriteAsync(host, TestRow.Of(1, Start, 1), TestRow.Of(2, Start, 1));
        await TestRows.RefreshAllAsync(host);
        await TestRows.WriteAsync(host, TestRow.Of(1, Start.AddMinutes(1), 1), TestRow.Of(2, Start.AddMinutes(1), 1));

        await using var connection = await host.DataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await CatalogueLock.TakeExclusiveAsync(connection, transaction, default);
        var pass = host.TimeSeries.RefreshAsync(default);
        await PortalHost.EventuallyAsync(
            () => IsWaitedForAsync(connection),
            "the pass waits for the deletion"
        );
        Assert.Equal(2, await host.TimeSeries.ForgetDeviceAsync(connection, transaction, new DeviceKey(1), default));
        await transaction.CommitAsync();
        await pass;

        await TestRows.RefreshAllAsync(host);
        await BruteForce.AssertRelationsAsync(host);
        Assert.Equal(0, await host.ScalarAsync<long>("""SELECT count(*) FROM monitoring."QuarterHourlyRollUps" WHERE device_id = 1"""));
        Assert.Equal(1, await host.ScalarAsync<long>("SELECT count(*) FROM monitoring.hourly_per_device WHERE device_id = 2"));
    }

    [PostgresFact]
    public async Task The_job_goes_on_after_its_connections_are_lost()
    {
        await using var api = PortalHost.Create(database, api: true);
        await api.StartAsync();
        await TestRows.WriteAsync(host, TestRow.Of(1, Start, 1));
        await PortalHost.EventuallyAsync(async () => await NotesAsync() == 0, "the job refreshes");

        // What a server that is killed does to everybody.
        await host.ExecuteAsync(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        );
        host.DataSource.Clear(); // this side's connections are cut as well
        await TestRows.WriteAsync(host, TestRow.Of(1, Start.AddMinutes(1), 2));

        await PortalHost.EventuallyAsync(async () => await NotesAsync() == 0, "the job refreshes again");
        await BruteForce.AssertRelationsAsync(host);
        await PortalHost.EventuallyAsync(
            () => Task.FromResult(api.LogLines.Any(line => line.StartsWith("Roll-ups are being refreshed again", StringComparison.Ordinal))),
            "the log says that it goes on"
        );
    }

    // Tests of other classes wait for locks on the same server.
    private Task<bool> IsWaitedForAsync(NpgsqlConnection holder) =>
        host.ScalarAsync<bool>($"SELECT EXISTS (SELECT FROM pg_stat_activity WHERE {holder.ProcessID} = ANY (pg_blocking_pids(pid)))");

    private Task<long> NotesAsync() => host.ScalarAsync<long>("""SELECT count(*) FROM monitoring."TouchedRanges" """);
}
