using Portal.Domain.Measurements;
using Portal.Testing;

namespace Fleet.Aggregator.Tests.Measurements;

/// <summary>Readers can't tell the engines apart, and the operations guide's SQL works as printed.</summary>
public sealed class SameFiguresTests
{
    private const string Refresh = "policy_refresh_continuous_aggregate";
    private const string Compress = "policy_compression";

    private static readonly DateTimeOffset Start = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);

    [TimescaleFact]
    public async Task Figures_agree_live_materialised_compressed_late_filled_and_replaced()
    {
        await using var engines = await EnginePair.CreateAsync();
        var pushes = new RandomPushes(5, [(1, "AN1"), (2, "AN1")], Start);
        await PushAsync(20);
        var live = await engines.SameFiguresAsync();

        await engines.RunPolicyAsync(Refresh);
        await engines.CatchUpAsync();
        Assert.Equal(live, await engines.SameFiguresAsync());
        Assert.True(await engines.Timescale.ScalarAsync<long>("SELECT count(*) FROM " + await MaterialisedAsync(engines)) > 0);

        await engines.RunPolicyAsync(Compress);
        Assert.Equal(live, await engines.SameFiguresAsync());
        Assert.True(await engines.Timescale.ScalarAsync<long>("""SELECT number_compressed_chunks FROM hypertable_compression_stats('fleet."PowerMeasurements"')""") > 0);

        // Late from here on: into compressed chunks, below the watermark.
        await PushAsync(30);
        await engines.CatchUpAsync();
        var late = await engines.SameFiguresAsync();
        Assert.NotEqual(live, late);
        Assert.Equal(late, await RawRows.AssertHoursAsync(engines.Timescale));
        Assert.Equal(0L, await engines.Timescale.ScalarAsync<long>("""SELECT count(*) FROM fleet."TouchedRanges" """));

        await engines.RunPolicyAsync(Compress);
        await engines.RunPolicyAsync(Refresh);
        Assert.Equal(late, await engines.SameFiguresAsync());

        async Task PushAsync(int batches)
        {
            for (var i = 0; i < batches; i++)
            {
                var (customer, batch) = pushes.Next();
                await engines.PushAsync(customer, batch, replaces: i % 3 == 0);
            }
        }
    }

    [TimescaleFact]
    public async Task Current_hours_show_at_once_and_the_guides_refresh_changes_nothing()
    {
        await using var engines = await EnginePair.CreateAsync();
        await engines.PushAsync(1, Pushes.Minutes("AN1", FleetDatabase.Now.AddHours(-2), 120));
        var live = await engines.SameFiguresAsync();
        Assert.Contains("samples=60", live, StringComparison.Ordinal);

        await engines.ExecuteAsync("CALL refresh_continuous_aggregate('fleet.hourly_per_device', NULL, NULL)");
        Assert.Equal(live, await engines.SameFiguresAsync());

        // Everything is materialised now, the hour that still grows too.
        await engines.PushAsync(1, Pushes.Of("AN1", FleetDatabase.Now.AddSeconds(-30), Quantities.ActivePowerKw, 500));
        await engines.CatchUpAsync();
        Assert.Contains("power_max_kw=500", await engines.SameFiguresAsync(), StringComparison.Ordinal);
    }

    [TimescaleFact]
    public async Task A_plain_deletion_of_a_customer_takes_all_that_is_stored_of_it_at_once()
    {
        await using var engines = await EnginePair.CreateAsync();
        foreach (var customer in (int[])[1, 2])
        {
            await engines.PushAsync(customer, Pushes.Minutes("AN1", Start, 600));
            await engines.PushAsync(customer, Pushes.Minutes("AN1", FleetDatabase.Now.AddHours(-2), 30));
        }

        await engines.RunPolicyAsync(Refresh);
        await engines.RunPolicyAsync(Compress);
        await engines.CatchUpAsync();
        await engines.PushAsync(1, Pushes.Minutes("AN1", Start.AddHours(20), 30)); // still noted
        Assert.Equal(4L, await engines.Timescale.ScalarAsync<long>("SELECT count(DISTINCT (customer_id, date_trunc('day', bucket))) FROM fleet.hourly_per_device"));

        await engines.ExecuteAsync("""DELETE FROM fleet."Customers" WHERE "Code" = 'ABC0001'""");

        foreach (var database in (FleetDatabase[])[engines.Timescale, engines.Postgres])
        {
            Assert.Equal("2", await database.ScalarAsync<string>("""SELECT string_agg(DISTINCT "CustomerId"::text, ' ') FROM fleet."PowerMeasurements" """));
            Assert.Equal("2", await database.ScalarAsync<string>("SELECT string_agg(DISTINCT customer_id::text, ' ') FROM fleet.hourly_per_device"));
            foreach (var table in (string[])["Devices", "TouchedRanges"])
            {
                Assert.Equal(0L, await database.ScalarAsync<long>($"""SELECT count(*) FROM fleet."{table}" WHERE "CustomerId" = 1"""));
            }

            await RawRows.AssertHoursAsync(database);
        }

        var left = await engines.SameFiguresAsync();
        await engines.CatchUpAsync();
        await engines.RunPolicyAsync(Refresh);
        Assert.Equal(left, await engines.SameFiguresAsync());
    }

    [TimescaleFact]
    public async Task Once_all_is_materialised_the_policy_looks_at_the_last_days_and_notes_bring_the_rest_up_to_date()
    {
        const string offset = "SELECT coalesce(config ->> 'start_offset', 'all') FROM timescaledb_information.jobs WHERE proc_name = 'policy_refresh_continuous_aggregate'";
        await using var engines = await EnginePair.CreateAsync();
        await engines.PushAsync(1, Pushes.Minutes("AN1", Start.AddYears(-1), 90));
        await engines.PushAsync(1, Pushes.Minutes("AN1", Start, 90));
        await engines.CatchUpAsync();
        Assert.Equal("all", await engines.Timescale.ScalarAsync<string>(offset));

        await engines.RunPolicyAsync(Refresh);
        await engines.CatchUpAsync();
        Assert.Equal("3 days", await engines.Timescale.ScalarAsync<string>(offset));

        // One transaction from last year to today.
        await engines.PushAsync(2, Pushes.Of(("AN1", Start.AddYears(-1), [(Quantities.ActivePowerKw, 1)]), ("AN1", Start.AddHours(1), [(Quantities.ActivePowerKw, 2)])));
        await engines.RunPolicyAsync(Refresh);
        await engines.CatchUpAsync();
        Assert.Equal(6, (await engines.SameFiguresAsync()).Split('\n').Length);
        await engines.Timescale.MigrateAsync();
        Assert.Equal("3 days", await engines.Timescale.ScalarAsync<string>(offset));
    }

    [TimescaleFact]
    public async Task Hours_that_a_refresh_under_way_put_back_after_a_deletion_are_swept_up()
    {
        await using var engines = await EnginePair.CreateAsync();
        var database = engines.Timescale;
        await engines.PushAsync(1, Pushes.Minutes("AN1", Start, 90));
        await engines.PushAsync(2, Pushes.Minutes("AN1", Start, 90));
        await engines.RunPolicyAsync(Refresh);
        await engines.CatchUpAsync();
        var hours = await database.ScalarAsync<string>("SELECT fleet.materialised_hours()::text");
        await database.ExecuteAsync($"CREATE TABLE before AS SELECT * FROM {hours} WHERE customer_id = 1");

        await database.ExecuteAsync("""DELETE FROM fleet."Customers" WHERE "Id" = 1""");
        await database.ExecuteAsync($"INSERT INTO {hours} SELECT * FROM before");
        await database.RefreshAllAsync();
        Assert.Equal(2L, await CountAsync(1));

        await database.ExecuteAsync("""UPDATE fleet."Forgotten" SET "SweptAt" = now() - interval '16 minutes'""");
        await database.RefreshAllAsync();
        Assert.Equal(0L, await CountAsync(1));
        Assert.Equal(2L, await CountAsync(2));

        await database.ExecuteAsync("""UPDATE fleet."Forgotten" SET "At" = now() - interval '2 days'""");
        await database.RefreshAllAsync();
        Assert.Equal(0L, await database.ScalarAsync<long>("""SELECT count(*) FROM fleet."Forgotten" """));

        Task<long> CountAsync(int customer) => database.ScalarAsync<long>("SELECT count(*) FROM fleet.hourly_per_device WHERE customer_id = $1", customer);
    }

    [TimescaleFact]
    public async Task A_forgotten_device_is_gone_from_rows_roll_ups_and_notes()
    {
        await using var engines = await EnginePair.CreateAsync();
        foreach (var database in (FleetDatabase[])[engines.Timescale, engines.Postgres])
        {
            await database.DeviceAsync(1, "AN2");
            foreach (var device in (string[])["AN1", "AN2"])
            {
                await database.Writer.PushAsync(1, Pushes.Minutes(device, Start, 90));
            }
        }

        await engines.RunPolicyAsync(Refresh);
        await engines.RunPolicyAsync(Compress);
        foreach (var database in (FleetDatabase[])[engines.Timescale, engines.Postgres])
        {
            await using var connection = await database.DataSource.OpenConnectionAsync();
            await using var transaction = await connection.BeginTransactionAsync();
            Assert.True(await Aggregator.Measurements.CustomerLock.TakeExclusiveAsync(connection, transaction, 1, default));
            Assert.Equal(90, await database.TimeSeries.ForgetDeviceAsync(connection, transaction, new(3, 1), default));
            await transaction.CommitAsync();
        }

        Assert.DoesNotContain("device_id=3", await engines.SameFiguresAsync(), StringComparison.Ordinal);
        await engines.CatchUpAsync();
        Assert.Contains("device_id=1", await engines.SameFiguresAsync(), StringComparison.Ordinal);
    }

    private static Task<string> MaterialisedAsync(EnginePair engines) => engines.Timescale.ScalarAsync<string>("SELECT fleet.materialised_hours()::text");
}
