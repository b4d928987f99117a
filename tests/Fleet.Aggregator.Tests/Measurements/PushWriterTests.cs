using Fleet.Aggregator.Measurements;
using Npgsql;
using Portal.Domain.Measurements;
using Portal.Testing;
using Portal.TimeSeries;

namespace Fleet.Aggregator.Tests.Measurements;

public sealed class PushWriterTests : IAsyncLifetime
{
    private FleetDatabase database = null!;
    private int customer;
    private int device;

    public async Task InitializeAsync()
    {
        if (PostgresServer.Missing is null)
        {
            database = await FleetDatabase.CreateAsync();
            customer = await database.CustomerAsync("ABC0001");
            device = await database.DeviceAsync(customer, "AN1");
        }
    }

    public async Task DisposeAsync()
    {
        if (database is not null)
        {
            await database.DisposeAsync();
        }
    }

    [PostgresFact]
    public async Task A_new_row_is_stored_under_its_customer_and_device_and_a_second_push_changes_nothing()
    {
        var batch = Pushes.Of(("AN1", Pushes.Start, [(Quantities.ActivePowerKw, 12.5), (Quantities.EnergyImportKwh, 4711.25)]));
        Assert.Equal([RowOutcome.Accepted], (await database.Writer.PushAsync(customer, batch)).Outcomes);

        const string stored = """
            SELECT "CustomerId", "DeviceId", "Time", "ReceivedAt", "ActivePowerKw", "EnergyImportKwh", "FrequencyHz", xmin::text FROM fleet."PowerMeasurements"
            """;
        var before = await database.TableAsync(stored);
        Assert.StartsWith(
            $"CustomerId={customer} DeviceId={device} Time=2026-11-10T10:00:00.0000000Z ReceivedAt=2026-11-24T12:00:00.0000000Z ActivePowerKw=12.5 EnergyImportKwh=4711.25 FrequencyHz=null",
            before,
            StringComparison.Ordinal
        );

        Assert.Equal([RowOutcome.Duplicate], (await database.Writer.PushAsync(customer, batch)).Outcomes);
        Assert.Equal([RowOutcome.Duplicate], (await database.FreshWriter().PushAsync(customer, batch)).Outcomes);
        Assert.Equal(before, await database.TableAsync(stored));
    }

    [PostgresFact]
    public async Task A_later_push_fills_columns_and_leaves_the_others()
    {
        await database.Writer.PushAsync(customer, Pushes.Of("AN1", Pushes.Start, Quantities.ActivePowerKw, 1));
        var filling = Pushes.Of(("AN1", Pushes.Start, [(Quantities.ActivePowerKw, 2), (Quantities.EnergyImportKwh, 3)]));

        var result = await database.Writer.PushAsync(customer, filling);

        Assert.Equal([RowOutcome.Accepted], result.Outcomes);
        Assert.Equal(1, result.Conflicts);
        Assert.Equal("ActivePowerKw=1 EnergyImportKwh=3", await ValuesAsync());
    }

    [PostgresTheory]
    [InlineData(1)]
    [InlineData(1_500)] // through a staging table
    public async Task A_replacing_push_puts_its_values_in_the_place_of_stored_ones_and_leaves_the_other_columns(int rows)
    {
        var stored = new MeasurementBatch();
        var replacing = new MeasurementBatch();
        for (var i = 0; i < rows; i++)
        {
            Pushes.Add(stored, "AN1", Pushes.Start.AddMinutes(i), [(Quantities.ActivePowerKw, 1), (Quantities.FrequencyHz, 50)]);
            Pushes.Add(replacing, "AN1", Pushes.Start.AddMinutes(i), [(Quantities.ActivePowerKw, 2), (Quantities.EnergyImportKwh, 3)]);
        }

        await database.Writer.PushAsync(customer, stored);
        var result = await database.Writer.PushAsync(customer, replacing, replaces: true);

        Assert.Equal(Enumerable.Repeat(RowOutcome.Accepted, rows), result.Outcomes);
        Assert.Equal(0, result.Conflicts);
        Assert.Equal("ActivePowerKw=2 EnergyImportKwh=3 FrequencyHz=50", await ValuesAsync());

        // Repeated it changes nothing, and what it left is as good as pushed.
        var again = await database.FreshWriter().PushAsync(customer, replacing, replaces: true);
        Assert.Equal(Enumerable.Repeat(RowOutcome.Duplicate, rows), again.Outcomes);
        Assert.Equal(1L, await database.ScalarAsync<long>("""SELECT count(DISTINCT xmin::text) FROM fleet."PowerMeasurements" """));
    }

    [PostgresFact]
    public async Task A_replacing_push_inserts_what_is_not_there_and_notes_only_what_it_changed()
    {
        await database.Writer.PushAsync(customer, Pushes.Minutes("AN1", Pushes.Start, 30));
        await database.RefreshAllAsync();

        var batch = Pushes.Minutes("AN1", Pushes.Start, 30);
        Pushes.Add(batch, "AN1", Pushes.Start.AddHours(5), [(Quantities.ActivePowerKw, 7)]);
        var result = await database.Writer.PushAsync(customer, batch, replaces: true);

        Assert.Equal(1, result.Outcomes.Count(outcome => outcome == RowOutcome.Accepted));
        Assert.Equal(
            $"CustomerId={customer} DeviceId={device} From=2026-11-10T15:00:00.0000000Z To=2026-11-10T15:15:00.0000000Z",
            await database.TableAsync("""SELECT "CustomerId", "DeviceId", "From", "To" FROM fleet."TouchedRanges" """)
        );
    }

    [PostgresFact]
    public async Task Batches_of_several_customers_go_together_and_the_same_serial_is_each_ones_own()
    {
        var other = await database.CustomerAsync("ABC0002");
        var theirs = await database.DeviceAsync(other, "AN1");
        await database.DeviceAsync(other, "AN2");

        var set = await database.Writer.WriteAsync(
            [
                new ReceivedPost(Pushes.Of(("AN1", Pushes.Start, [(Quantities.ActivePowerKw, 1)]), ("AN2", Pushes.Start, [(Quantities.ActivePowerKw, 1)])), FleetDatabase.Now, customer),
                new ReceivedPost(Pushes.Of(("AN1", Pushes.Start, [(Quantities.ActivePowerKw, 2)]), ("AN2", Pushes.Start, [(Quantities.ActivePowerKw, 2)])), FleetDatabase.Now, other),
            ],
            false,
            PushSteps.None,
            CancellationToken.None
        );

        Assert.Equal([RowOutcome.Accepted, RowOutcome.UnknownDevice], set.Results()[0].Outcomes);
        Assert.Equal([RowOutcome.Accepted, RowOutcome.Accepted], set.Results()[1].Outcomes);
        Assert.Equal(
            $"{customer}/{device}=1 {other}/{theirs}=2",
            await database.ScalarAsync<string>(
                """
                SELECT string_agg(format('%s/%s=%s', "CustomerId", "DeviceId", "ActivePowerKw"), ' ' ORDER BY 1) FROM fleet."PowerMeasurements" WHERE "DeviceId" IN ($1, $2)
                """,
                device,
                theirs
            )
        );
    }

    [PostgresFact]
    public async Task A_deleted_device_takes_no_rows()
    {
        await database.ExecuteAsync("""UPDATE fleet."Devices" SET "DeletedAt" = now() WHERE "Id" = $1""", device);

        Assert.Equal([RowOutcome.UnknownDevice], (await database.Writer.PushAsync(customer, Pushes.Minutes("AN1", Pushes.Start, 1))).Outcomes);
    }

    [PostgresFact]
    public async Task A_time_a_day_ahead_of_our_clock_is_taken_and_one_beyond_or_without_a_zone_is_not()
    {
        var batch = Pushes.Of(
            ("AN1", FleetDatabase.Now.AddHours(24), [(Quantities.ActivePowerKw, 1)]),
            ("AN1", FleetDatabase.Now.AddHours(24).AddSeconds(1), [(Quantities.ActivePowerKw, 1)]),
            ("AN1", MeterClock.Floor.AddSeconds(-1), [(Quantities.ActivePowerKw, 1)])
        );
        var local = batch.Add(new RowKey(batch.Device("AN1"), Pushes.Start.Ticks, IsLocal: true, 3), out _);
        batch.Fill(local, Quantities.ActivePowerKw, 1);

        Assert.Equal(
            [RowOutcome.Accepted, RowOutcome.FutureTime, RowOutcome.InvalidTime, RowOutcome.InvalidTime],
            (await database.Writer.PushAsync(customer, batch)).Outcomes
        );
    }

    [PostgresFact]
    public async Task Months_nobody_has_written_to_make_room_for_themselves()
    {
        var batch = Pushes.Of(
            ("AN1", new DateTimeOffset(2003, 2, 1, 0, 0, 0, TimeSpan.Zero), [(Quantities.ActivePowerKw, 1)]),
            ("AN1", new DateTimeOffset(2024, 2, 29, 0, 0, 0, TimeSpan.Zero), [(Quantities.ActivePowerKw, 1)])
        );

        Assert.Equal([RowOutcome.Accepted, RowOutcome.Accepted], (await database.Writer.PushAsync(customer, batch)).Outcomes);
        Assert.NotNull(await database.ScalarAsync<object>("""SELECT to_regclass('fleet."PowerMeasurements_2003_02"')::text"""));
    }

    [PostgresFact]
    public async Task What_else_belongs_into_the_transaction_is_durable_with_the_rows_or_not_at_all()
    {
        var post = new ReceivedPost(Pushes.Minutes("AN1", Pushes.Start, 3), FleetDatabase.Now, customer);
        var failing = PushSteps.None with { Close = (_, _, set, _) => throw new InvalidOperationException(set.Results()[0].Outcomes.Count.ToString()) };
        await Assert.ThrowsAsync<InvalidOperationException>(() => database.Writer.WriteAsync([post], false, failing, CancellationToken.None));
        Assert.Equal(0L, await RowsAsync());

        var noting = PushSteps.None with { Close = (connection, transaction, set, cancellation) => TouchAsync(connection, transaction, set.Posts[0].CustomerId) };
        await database.Writer.WriteAsync([post], false, noting, CancellationToken.None);
        Assert.Equal(3L, await RowsAsync());
        Assert.Equal(1L, await database.ScalarAsync<long>("""SELECT count(*) FROM fleet."Customers" WHERE "LastPushAt" IS NOT NULL"""));
    }

    [PostgresFact]
    public async Task A_post_that_is_left_out_has_no_effect_and_the_others_go_on()
    {
        var posts = Enumerable.Range(0, 2).Select(i => new ReceivedPost(Pushes.Minutes("AN1", Pushes.Start.AddHours(i), 1), FleetDatabase.Now, customer)).ToList();

        var set = await database.Writer.WriteAsync(
            posts,
            false,
            PushSteps.None with { Open = (_, _, all, _) => Task.FromResult<IReadOnlyList<ReceivedPost>>([.. all.Skip(1)]) },
            CancellationToken.None
        );

        Assert.Same(posts[1], Assert.Single(set.Posts));
        Assert.Equal(1L, await RowsAsync());
    }

    [PostgresFact]
    public async Task A_customer_that_is_being_deleted_is_waited_for_and_gets_no_rows()
    {
        var neighbour = await database.CustomerAsync("ABC0002");
        await database.DeviceAsync(neighbour, "AN9");
        await using var connection = await database.DataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var delete = new NpgsqlCommand("""DELETE FROM fleet."Customers" WHERE "Code" = 'ABC0001'""", connection, transaction))
        {
            await delete.ExecuteNonQueryAsync();
        }

        var writing = database.Writer.WriteAsync(
            [
                new ReceivedPost(Pushes.Minutes("AN1", Pushes.Start, 2), FleetDatabase.Now, customer),
                new ReceivedPost(Pushes.Minutes("AN9", Pushes.Start, 2), FleetDatabase.Now, neighbour),
            ],
            false,
            PushSteps.None,
            CancellationToken.None
        );
        await WaitingForAsync(connection);
        await transaction.CommitAsync();

        var set = await writing;
        Assert.Equal(neighbour, Assert.Single(set.Posts).CustomerId);
        Assert.Equal(2L, await RowsAsync());
        Assert.Equal(0L, await database.ScalarAsync<long>("""SELECT count(*) FROM fleet."PowerMeasurements" WHERE "CustomerId" = $1""", customer));
    }

    [PostgresFact]
    public async Task A_deletion_waits_for_a_writer_under_way_and_takes_its_rows_too()
    {
        var reached = new TaskCompletionSource();
        var go = new TaskCompletionSource();
        var writing = database.Writer.WriteAsync(
            [new ReceivedPost(Pushes.Minutes("AN1", Pushes.Start, 2), FleetDatabase.Now, customer)],
            false,
            PushSteps.None with
            {
                Close = async (_, _, _, _) =>
                {
                    reached.SetResult();
                    await go.Task;
                },
            },
            CancellationToken.None
        );
        await reached.Task;
        await using var connection = await database.DataSource.OpenConnectionAsync();
        await using var delete = new NpgsqlCommand("""DELETE FROM fleet."Customers" WHERE "Id" = $1""", connection);
        delete.Parameters.Add(new() { Value = customer });
        var deleting = delete.ExecuteNonQueryAsync();
        await BlockedAsync(connection.ProcessID);
        go.SetResult();
        await writing;
        Assert.Equal(1, await deleting);

        Assert.Equal(0L, await RowsAsync());
        Assert.Equal(0L, await database.ScalarAsync<long>("""SELECT count(*) FROM fleet."TouchedRanges" """));
    }

    private Task<string> ValuesAsync() =>
        database.TableAsync(
            """
            SELECT DISTINCT concat_ws(' ', 'ActivePowerKw=' || "ActivePowerKw", 'EnergyImportKwh=' || "EnergyImportKwh", 'FrequencyHz=' || "FrequencyHz") AS v
              FROM fleet."PowerMeasurements"
            """
        ).ContinueWith(table => table.Result["v=".Length..], TaskScheduler.Default);

    private Task<long> RowsAsync() => database.ScalarAsync<long>("""SELECT count(*) FROM fleet."PowerMeasurements" """);

    private Task WaitingForAsync(NpgsqlConnection blocker) =>
        EventuallyAsync("SELECT EXISTS (SELECT FROM pg_stat_activity WHERE $1 = ANY (pg_blocking_pids(pid)))", blocker.ProcessID);

    private Task BlockedAsync(int process) => EventuallyAsync("SELECT cardinality(pg_blocking_pids($1)) > 0", process);

    private async Task EventuallyAsync(string sql, int process)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (!await database.ScalarAsync<bool>(sql, process))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, deadline.Token);
        }
    }

    private static async Task TouchAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, int customer)
    {
        await using var command = new NpgsqlCommand("""UPDATE fleet."Customers" SET "LastPushAt" = now() WHERE "Id" = $1""", connection, transaction);
        command.Parameters.Add(new() { Value = customer });
        await command.ExecuteNonQueryAsync();
    }
}
