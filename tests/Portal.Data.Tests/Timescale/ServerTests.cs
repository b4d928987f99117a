using Npgsql;
using Portal.Testing;
using static Portal.Data.Tests.Timescale.Statements;

namespace Portal.Data.Tests.Timescale;

/// <summary>What the TimescaleDB for tests must do as any PostgreSQL server does, so that other tests may lean on it.</summary>
public sealed class ServerTests(TimescaleDatabase database) : IClassFixture<TimescaleDatabase>
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(100);

    [TimescaleFact]
    public async Task Transactions_of_two_connections_take_turns()
    {
        await using var dataSource = await WithTableAsync(database, "turns", "worker int, step int, seen bigint");
        await Task.WhenAll(Work(1), Work(2)).WaitAsync(Deadline);

        // Within one transaction nobody else's rows appear: the count grows by exactly the own row.
        Assert.Equal(40L, await ScalarAsync(dataSource, "SELECT count(*) FROM turns"));
        Assert.Equal(0L, await ScalarAsync(dataSource, "SELECT count(*) FROM turns WHERE seen % 4 <> step"));

        async Task Work(int worker)
        {
            for (var round = 0; round < 5; round++)
            {
                await using var connection = await dataSource.OpenConnectionAsync();
                await using var transaction = await connection.BeginTransactionAsync();
                for (var step = 0; step < 4; step++)
                {
                    await using var insert = new NpgsqlCommand("INSERT INTO turns SELECT $1, $2, (SELECT count(*) FROM turns)", connection);
                    insert.Parameters.Add(new() { Value = worker });
                    insert.Parameters.Add(new() { Value = step });
                    await insert.ExecuteNonQueryAsync();
                    await Task.Yield();
                }
                await transaction.CommitAsync();
            }
        }
    }

    [OwnServerFact]
    public async Task A_connection_that_opens_beside_a_transaction_does_not_wait_for_it()
    {
        await using var dataSource = NpgsqlDataSource.Create(database.ConnectionString);
        await using var first = await dataSource.OpenConnectionAsync();
        await using var transaction = await first.BeginTransactionAsync();
        await ExecuteAsync(first, "SELECT 1");

        await using var second = await dataSource.OpenConnectionAsync().AsTask().WaitAsync(Deadline);
        var waiting = ScalarAsync(second, "SELECT 2");
        Assert.Equal(3, await ScalarAsync(first, "SELECT 3"));
        Assert.False(waiting.IsCompleted);
        await transaction.CommitAsync();
        Assert.Equal(2, await waiting.WaitAsync(Deadline));
    }

    [TimescaleFact]
    public async Task An_error_in_a_transaction_fails_it_until_it_is_rolled_back()
    {
        await using var dataSource = await WithTableAsync(database, "failing", "a int PRIMARY KEY");
        await using var connection = await dataSource.OpenConnectionAsync();
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await ExecuteAsync(connection, "INSERT INTO failing VALUES (1)");
            await AssertFailsAsync(connection, "INSERT INTO failing VALUES (1)", PostgresErrorCodes.UniqueViolation);
            await AssertFailsAsync(connection, "SELECT 1", PostgresErrorCodes.InFailedSqlTransaction);
            await transaction.RollbackAsync();
        }
        Assert.Equal(0L, await ScalarAsync(connection, "SELECT count(*) FROM failing"));
    }

    [TimescaleFact]
    public async Task A_savepoint_survives_an_error_after_it()
    {
        await using var dataSource = await WithTableAsync(database, "saved", "a int PRIMARY KEY");
        await using var connection = await dataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await ExecuteAsync(connection, "INSERT INTO saved VALUES (1)");
        await transaction.SaveAsync("here");
        await AssertFailsAsync(connection, "INSERT INTO saved VALUES (1)", PostgresErrorCodes.UniqueViolation);
        await transaction.RollbackAsync("here");
        await ExecuteAsync(connection, "INSERT INTO saved VALUES (2)");
        await transaction.CommitAsync();
        Assert.Equal(2L, await ScalarAsync(connection, "SELECT count(*) FROM saved"));
    }

    [OwnServerFact]
    public async Task A_client_that_vanishes_in_mid_transaction_is_rolled_back()
    {
        await using var dataSource = await WithTableAsync(database, "vanished", "a int");
        // Without pooling and without Terminate, as a killed process would go.
        using var client = await RawClient.ConnectAsync(database.ConnectionString);
        await client.QueryAsync("BEGIN; INSERT INTO vanished VALUES (1)");
        client.Abort();

        Assert.Equal(0L, await ScalarAsync(dataSource, "SELECT count(*) FROM vanished").WaitAsync(Deadline));
    }

    [TimescaleFact]
    public async Task A_message_of_several_megabytes_arrives_whole_and_so_does_the_answer()
    {
        await using var dataSource = NpgsqlDataSource.Create(database.ConnectionString);
        var text = string.Create(5_000_000, 0, (span, _) => span.Fill('x'));
        await using var command = dataSource.CreateCommand("SELECT $1 || 'y'");
        command.Parameters.Add(new() { Value = text });
        Assert.Equal(text + "y", await command.ExecuteScalarAsync());
    }

    [TimescaleFact]
    public async Task Arrays_travel_as_parameters()
    {
        await using var dataSource = NpgsqlDataSource.Create(database.ConnectionString);
        await using var command = dataSource.CreateCommand(
            "SELECT count(*), sum(v), max(t) FROM unnest($1::int[], $2::float8[], $3::timestamptz[]) AS rows(d, v, t)");
        var newest = new DateTimeOffset(2026, 11, 23, 10, 0, 0, TimeSpan.Zero);
        command.Parameters.Add(new() { Value = new[] { 1, 2, 3 } });
        command.Parameters.Add(new() { Value = new double?[] { 1.5, null, 2.5 } });
        command.Parameters.Add(new() { Value = new[] { newest.AddHours(-2), newest, newest.AddHours(-1) } });
        await using var reader = await command.ExecuteReaderAsync();
        Assert.True(await reader.ReadAsync());
        Assert.Equal(3L, reader.GetInt64(0));
        Assert.Equal(4.0, reader.GetDouble(1));
        Assert.Equal(newest, reader.GetFieldValue<DateTimeOffset>(2));
    }

    [TimescaleFact]
    public async Task A_batch_is_one_transaction_and_its_error_undoes_all_of_it()
    {
        await using var dataSource = await WithTableAsync(database, "batched", "a int PRIMARY KEY");
        await using (var batch = dataSource.CreateBatch())
        {
            batch.BatchCommands.Add(new("INSERT INTO batched VALUES (1)"));
            batch.BatchCommands.Add(new("INSERT INTO batched VALUES (2)"));
            Assert.Equal(2, await batch.ExecuteNonQueryAsync());
        }
        await using (var batch = dataSource.CreateBatch())
        {
            batch.BatchCommands.Add(new("INSERT INTO batched VALUES (3)"));
            batch.BatchCommands.Add(new("INSERT INTO batched VALUES (1)"));
            batch.BatchCommands.Add(new("INSERT INTO batched VALUES (4)"));
            var exception = await Assert.ThrowsAsync<PostgresException>(() => batch.ExecuteNonQueryAsync());
            Assert.Equal(PostgresErrorCodes.UniqueViolation, exception.SqlState);
        }
        Assert.Equal(2L, await ScalarAsync(dataSource, "SELECT count(*) FROM batched"));
    }

    [TimescaleFact]
    public async Task A_batch_of_thousands_of_statements_runs_to_its_end()
    {
        await using var dataSource = await WithTableAsync(database, "many", "a int PRIMARY KEY, b text");
        await using var batch = dataSource.CreateBatch();
        for (var row = 0; row < 3000; row++)
            batch.BatchCommands.Add(new("INSERT INTO many VALUES ($1, $2)") { Parameters = { new() { Value = row }, new() { Value = new string('x', row % 500) } } });
        Assert.Equal(3000, await batch.ExecuteNonQueryAsync());
        Assert.Equal(3000L, await ScalarAsync(dataSource, "SELECT count(*) FROM many"));
    }

    [TimescaleFact]
    public async Task The_same_prepared_statement_name_means_each_connections_own_statement()
    {
        await using var dataSource = NpgsqlDataSource.Create(database.ConnectionString);
        await using var first = await dataSource.OpenConnectionAsync();
        await using var second = await dataSource.OpenConnectionAsync();
        // Npgsql numbers the statements of each connection from one: both are called _p1.
        await using var one = new NpgsqlCommand("SELECT 'first ' || $1", first) { Parameters = { new() { Value = "a" } } };
        await using var two = new NpgsqlCommand("SELECT 'second ' || $1", second) { Parameters = { new() { Value = "b" } } };
        await one.PrepareAsync();
        await two.PrepareAsync();
        for (var round = 0; round < 3; round++)
        {
            Assert.Equal("first a", await one.ExecuteScalarAsync());
            Assert.Equal("second b", await two.ExecuteScalarAsync());
        }
        first.UnprepareAll();
        Assert.Equal("second b", await two.ExecuteScalarAsync());
    }

    [OwnServerFact]
    public async Task An_unknown_message_is_refused_without_harm_to_others()
    {
        await using var dataSource = NpgsqlDataSource.Create(database.ConnectionString);
        using var client = await RawClient.ConnectAsync(database.ConnectionString);
        await client.SendAsync('y', []);
        Assert.Contains("not understood", await client.ReadToEndAsync().WaitAsync(Deadline), StringComparison.Ordinal);
        Assert.Equal(1, await ScalarAsync(dataSource, "SELECT 1"));
    }
}
