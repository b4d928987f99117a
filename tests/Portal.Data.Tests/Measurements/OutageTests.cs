using Npgsql;
using Portal.Domain.Measurements;
using Portal.Testing;
using Portal.TimeSeries;

namespace Portal.Data.Tests.Measurements;

public sealed class OutageTests(WriterDatabase database) : IClassFixture<WriterDatabase>
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [PostgresTheory]
    [InlineData(5_000)] // straight into the table
    [InlineData(1)]
    public async Task A_connection_killed_in_the_middle_is_a_typed_error_and_leaves_nothing_half_written(int rows)
    {
        var device = await database.DeviceAsync();
        await using var blocker = await database.DataSource.OpenConnectionAsync();
        await using (var transaction = await blocker.BeginTransactionAsync())
        {
            await InsertAsync(blocker, device, Posts.Start.AddMinutes(rows - 1));
            var writing = database.Writer.WriteAsync(Posts.Minutes(device.ExternalId, Posts.Start, rows), CancellationToken.None);
            await KillWaitingAsync(blocker);

            var error = await Assert.ThrowsAsync<StoreUnavailableException>(() => writing.WaitAsync(Deadline));
            Assert.IsType<NpgsqlException>(error.InnerException, exactMatch: false);
            await transaction.RollbackAsync();
        }

        Assert.Equal(0L, await RowsAsync(device));
        Assert.Equal(0L, await database.ScalarAsync<long>("""SELECT count(*) FROM monitoring."TouchedRanges" WHERE "DeviceId" = $1""", device.Id));
        var again = await database.Writer.WriteAsync(Posts.Minutes(device.ExternalId, Posts.Start, rows), CancellationToken.None);
        Assert.All(again.Outcomes, outcome => Assert.Equal(RowOutcome.Accepted, outcome));
    }

    [PostgresFact]
    public async Task A_connection_killed_while_rows_are_filled_leaves_them_as_they_were()
    {
        var device = await database.DeviceAsync();
        await database.Writer.WriteAsync(Posts.Minutes(device.ExternalId, Posts.Start, 1_500), CancellationToken.None);
        var before = await database.FingerprintAsync();
        await using var blocker = await database.DataSource.OpenConnectionAsync();
        await using (var transaction = await blocker.BeginTransactionAsync())
        {
            await using var update = new NpgsqlCommand(
                """UPDATE monitoring."PowerMeasurements" SET "PowerFactor" = 1 WHERE "DeviceId" = $1 AND "Time" = $2""",
                blocker
            )
            {
                Parameters = { new() { Value = device.Id }, new() { Value = Posts.Start.AddMinutes(1_400).UtcDateTime } },
            };
            await update.ExecuteNonQueryAsync();
            var batch = Posts.Minutes(device.ExternalId, Posts.Start, 1_500);
            for (var row = 0; row < batch.Count; row++)
            {
                batch.Fill(row, Quantities.FrequencyHz, 50);
            }

            var writing = database.Writer.WriteAsync(batch, CancellationToken.None);
            await KillWaitingAsync(blocker);
            await Assert.ThrowsAsync<StoreUnavailableException>(() => writing.WaitAsync(Deadline));
            await transaction.RollbackAsync();
        }

        Assert.Equal(
            0L,
            await database.ScalarAsync<long>("""SELECT count("FrequencyHz") FROM monitoring."PowerMeasurements" WHERE "DeviceId" = $1""", device.Id)
        );
        // The row locks of the blocker and of the killed one leave a mark in xmax, but no value has changed.
        Assert.Equal(before.Length, (await database.FingerprintAsync()).Length);
    }

    [PostgresFact]
    public async Task A_server_that_refuses_connections_is_a_typed_error()
    {
        var device = await database.DeviceAsync();
        var nowhere = new NpgsqlConnectionStringBuilder(database.DataSource.ConnectionString) { Port = 1, Timeout = 5 };
        await using var dataSource = NpgsqlDataSource.Create(nowhere.ConnectionString);

        await Assert.ThrowsAsync<StoreUnavailableException>(() =>
            database.WriterOn(dataSource).WriteAsync(Posts.Minutes(device.ExternalId, Posts.Start, 1), CancellationToken.None)
        );
    }

    [PostgresFact]
    public async Task What_the_database_refuses_is_no_outage_and_leaves_nothing()
    {
        var device = await database.DeviceAsync();
        await database.ExecuteAsync("""ALTER TABLE monitoring."PowerMeasurements" ADD CONSTRAINT no_13 CHECK ("FrequencyHz" <> 13)""");
        try
        {
            var error = await Assert.ThrowsAsync<PostgresException>(() =>
                database.Writer.WriteAsync(
                    Posts.Of(
                        (device.ExternalId, Posts.Start, [(Quantities.FrequencyHz, 50)]),
                        (device.ExternalId, Posts.Start.AddMinutes(1), [(Quantities.FrequencyHz, 13)])
                    ),
                    CancellationToken.None
                )
            );
            Assert.Equal("no_13", error.ConstraintName);
            Assert.Equal(0L, await RowsAsync(device));
        }
        finally
        {
            await database.ExecuteAsync("""ALTER TABLE monitoring."PowerMeasurements" DROP CONSTRAINT no_13""");
        }
    }

    [PostgresFact]
    public async Task A_cancelled_write_leaves_nothing_and_its_connection_is_of_use_again()
    {
        var device = await database.DeviceAsync();
        await using var blocker = await database.DataSource.OpenConnectionAsync();
        await using (var transaction = await blocker.BeginTransactionAsync())
        {
            await CatalogueLock.TakeExclusiveAsync(blocker, transaction, CancellationToken.None);
            using var cancel = new CancellationTokenSource();
            var writing = database.Writer.WriteAsync(Posts.Minutes(device.ExternalId, Posts.Start, 1_000), cancel.Token);
            await WaitingAsync(blocker);
            await cancel.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writing.WaitAsync(Deadline));
            await transaction.RollbackAsync();
        }

        Assert.Equal(0L, await RowsAsync(device));
        var again = await database.Writer.WriteAsync(Posts.Minutes(device.ExternalId, Posts.Start, 1_000), CancellationToken.None);
        Assert.All(again.Outcomes, outcome => Assert.Equal(RowOutcome.Accepted, outcome));
    }

    private static async Task InsertAsync(NpgsqlConnection connection, Device device, DateTimeOffset time)
    {
        await using var insert = new NpgsqlCommand(
            """INSERT INTO monitoring."PowerMeasurements" ("DeviceId", "Time", "ReceivedAt") VALUES ($1, $2, now())""",
            connection
        )
        {
            Parameters = { new() { Value = device.Id }, new() { Value = time.UtcDateTime } },
        };
        await insert.ExecuteNonQueryAsync();
    }

    private async Task KillWaitingAsync(NpgsqlConnection blocker)
    {
        var pid = await WaitingAsync(blocker);
        Assert.True(await database.ScalarAsync<bool>("SELECT pg_terminate_backend($1)", pid));
    }

    /// <summary>The server process that waits for what this connection has written.</summary>
    private async Task<int> WaitingAsync(NpgsqlConnection blocker)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(started) < Deadline)
        {
            var pids = await database.ScalarAsync<int[]>(
                "SELECT coalesce(array_agg(pid), '{}') FROM pg_stat_activity WHERE $1 = ANY(pg_blocking_pids(pid))",
                blocker.ProcessID
            );
            if (pids.Length > 0)
            {
                return pids[0];
            }

            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }

        throw new TimeoutException("Nobody waits for the row that is locked.");
    }

    private Task<long> RowsAsync(Device device) =>
        database.ScalarAsync<long>("""SELECT count(*) FROM monitoring."PowerMeasurements" WHERE "DeviceId" = $1""", device.Id);
}
