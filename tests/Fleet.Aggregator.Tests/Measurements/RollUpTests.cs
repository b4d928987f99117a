using Npgsql;
using Portal.Domain.Measurements;
using Portal.Testing;

namespace Fleet.Aggregator.Tests.Measurements;

/// <summary>Roll-ups on plain PostgreSQL.</summary>
public sealed class RollUpTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2024, 10, 30, 0, 0, 0, TimeSpan.Zero); // over the end of a month, into another partition

    private readonly List<(int Customer, string Device)> devices = [];
    private FleetDatabase database = null!;

    public async Task InitializeAsync()
    {
        if (PostgresServer.Missing is not null)
        {
            return;
        }

        database = await FleetDatabase.CreateAsync();
        foreach (var code in (string[])["ABC0001", "ABC0002"])
        {
            var customer = await database.CustomerAsync(code);
            foreach (var device in (string[])["AN1", "AN2"])
            {
                await database.DeviceAsync(customer, device);
                devices.Add((customer, device));
            }
        }
    }

    public async Task DisposeAsync()
    {
        if (database is not null)
        {
            await database.DisposeAsync();
        }
    }

    [PostgresTheory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Hours_equal_the_raw_rows_at_every_moment(int seed)
    {
        var pushes = new RandomPushes(seed, devices, Start);
        var random = new Random(seed);
        for (var step = 0; step < 40; step++)
        {
            var (customer, batch) = pushes.Next();
            await database.Writer.PushAsync(customer, batch, replaces: random.Next(3) == 0);
            if (random.Next(4) == 0)
            {
                await database.TimeSeries.RefreshAsync(default);
            }

            if (random.Next(4) == 0)
            {
                await RawRows.AssertHoursAsync(database); // partly dirty
            }
        }

        await database.RefreshAllAsync();
        Assert.Equal(0L, await NotesAsync());
        await RawRows.AssertHoursAsync(database);
    }

    [PostgresFact]
    public async Task Energy_by_hour_bridges_a_reset_says_what_is_estimated_and_can_be_asked_for_one_customer()
    {
        var (customer, _) = devices[0];
        var batch = new MeasurementBatch();
        for (var minute = 0; minute <= 180; minute += 5)
        {
            // 12 kWh an hour; after 90 minutes the meter is swapped for one that counts from 0.
            Pushes.Add(batch, "AN1", Start.AddMinutes(minute), [(Quantities.EnergyImportKwh, minute < 90 ? 500 + (minute / 5.0) : (minute - 90) / 5.0)]);
        }

        await database.Writer.PushAsync(customer, batch);
        await database.Writer.PushAsync(devices[2].Customer, Pushes.Of(("AN1", Start, [(Quantities.EnergyExportKwh, 1)]), ("AN1", Start.AddHours(1), [(Quantities.EnergyExportKwh, 4)])));
        await database.RefreshAllAsync();

        const string energy = "SELECT customer_id, bucket, import_kwh, export_kwh, estimated FROM fleet.hourly_energy('2024-10-30Z', '2024-10-30 03:00Z'";
        var all = await database.TableAsync($"{energy}) ORDER BY 1, 2");
        var one = await database.TableAsync($"{energy}, {customer}) ORDER BY 1, 2");

        // Of the reset's five minutes nothing was counted by either meter.
        Assert.Equal(
            $"""
            customer_id={customer} bucket=2024-10-30T00:00:00.0000000Z import_kwh=12 export_kwh=null estimated=False
            customer_id={customer} bucket=2024-10-30T01:00:00.0000000Z import_kwh=11 export_kwh=null estimated=True
            customer_id={customer} bucket=2024-10-30T02:00:00.0000000Z import_kwh=12 export_kwh=null estimated=False
            """,
            one
        );
        Assert.Equal($"{one}\ncustomer_id={devices[2].Customer} bucket=2024-10-30T00:00:00.0000000Z import_kwh=null export_kwh=3 estimated=False", all);
    }

    [PostgresFact]
    public async Task Several_calendar_months_and_customers_are_refreshed_by_the_guides_statement()
    {
        foreach (var (customer, device) in devices)
        {
            await database.Writer.PushAsync(customer, Pushes.Of((device, Start, [(Quantities.ActivePowerKw, 1)]), (device, Start.AddDays(200), [(Quantities.ActivePowerKw, 2)])));
        }

        await database.RefreshAllAsync();

        // Somebody changed rows by hand, so nothing is noted.
        await database.ExecuteAsync("""UPDATE fleet."PowerMeasurements" SET "ActivePowerKw" = 5 WHERE "ActivePowerKw" = 2""");
        await database.ExecuteAsync("""DELETE FROM fleet."PowerMeasurements" WHERE "ActivePowerKw" = 1 AND "DeviceId" = 1""");
        await database.ExecuteAsync("CALL refresh_continuous_aggregate('fleet.hourly_per_device', NULL, NULL)");

        Assert.Equal(0L, await NotesAsync());
        Assert.Equal(4L, await database.ScalarAsync<long>("SELECT count(*) FROM fleet.hourly_per_device WHERE power_max_kw = 5"));
        var refused = await Assert.ThrowsAsync<PostgresException>(() =>
            database.ExecuteAsync("""CALL refresh_continuous_aggregate('fleet."Customers"', NULL, NULL)""")
        );
        Assert.Contains("Only fleet.hourly_per_device", refused.MessageText, StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task A_pass_waits_for_a_customer_that_is_being_deleted_and_leaves_nothing_of_it()
    {
        foreach (var (customer, device) in devices)
        {
            await database.Writer.PushAsync(customer, Pushes.Minutes(device, Start, 90));
        }

        await using var connection = await database.DataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var delete = new NpgsqlCommand("""DELETE FROM fleet."Customers" WHERE "Code" = 'ABC0001'""", connection, transaction))
        {
            await delete.ExecuteNonQueryAsync();
        }

        var pass = database.TimeSeries.RefreshAsync(default);
        using (var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1)))
        {
            while (!await database.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM pg_stat_activity WHERE $1 = ANY (pg_blocking_pids(pid)))", connection.ProcessID))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, deadline.Token);
            }
        }

        await transaction.CommitAsync();
        await pass;
        await database.RefreshAllAsync();

        Assert.Equal(0L, await database.ScalarAsync<long>("""SELECT count(*) FROM fleet."HourlyRollUps" WHERE customer_id = $1""", devices[0].Customer));
        await RawRows.AssertHoursAsync(database);
    }

    [PostgresFact]
    public async Task A_pass_is_bounded_and_says_that_there_is_more()
    {
        await database.ExecuteAsync(
            """
            INSERT INTO fleet."TouchedRanges" ("CustomerId", "DeviceId", "From", "To")
            SELECT $1, 1, day, day + interval '1 day' FROM generate_series(timestamptz '2024-01-01Z', '2024-04-28Z', interval '1 day') AS day
            """,
            devices[0].Customer
        );

        var pass = (await database.TimeSeries.RefreshAsync(default))!;
        Assert.InRange(pass.Buckets, 1_900, 2_000);
        Assert.True(pass.More);
        await database.RefreshAllAsync();
        Assert.Equal(0L, await NotesAsync());
    }

    private Task<long> NotesAsync() => database.ScalarAsync<long>("""SELECT count(*) FROM fleet."TouchedRanges" """);
}
