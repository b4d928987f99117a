using Fleet.Aggregator.Measurements;
using Npgsql;
using Portal.Domain.Measurements;
using Portal.Testing;
using Portal.TimeSeries;

namespace Fleet.Aggregator.Tests.Measurements;

/// <summary>Raw rows go after the time they are kept; what was rolled up of them stays, whatever is refreshed.</summary>
public sealed class RetentionTests
{
    private const int KeepDays = 62;

    // The month of the day 62 days before now begins here.
    private static readonly DateTimeOffset Kept = new(2026, 9, 1, 0, 0, 0, TimeSpan.Zero);

    [PostgresFact]
    public async Task Months_of_rows_are_dropped_and_their_hours_stay_on_plain_PostgreSQL()
    {
        await using var database = await FleetDatabase.CreateAsync();
        await AssertHoursStayAsync(database, () => Task.CompletedTask);
        Assert.DoesNotContain("2026_08", await database.TableAsync("SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'fleet.\"PowerMeasurements\"'::regclass"), StringComparison.Ordinal);
    }

    [TimescaleFact]
    public async Task Months_of_rows_are_dropped_and_their_hours_stay_on_TimescaleDB()
    {
        await using var server = await TimescaleDatabase.CreateAsync();
        await using var database = await FleetDatabase.MigratedAsync(server.ConnectionString);
        await AssertHoursStayAsync(
            database,
            async () =>
            {
                foreach (var policy in (string[])["policy_refresh_continuous_aggregate", "policy_compression"])
                {
                    var job = await database.ScalarAsync<int>($"SELECT job_id FROM timescaledb_information.jobs WHERE proc_name = '{policy}'");
                    await database.ExecuteAsync($"CALL run_job({job})");
                }

                await database.RefreshAllAsync();
            }
        );

        // Not even a forced one.
        var hours = await HoursAsync(database);
        await database.ExecuteAsync("CALL refresh_continuous_aggregate('fleet.hourly_per_device', NULL, NULL, force => true)");
        Assert.Equal(hours, await HoursAsync(database));
    }

    [TimescaleFact]
    public async Task Nothing_is_dropped_on_TimescaleDB_before_all_history_is_materialised()
    {
        await using var server = await TimescaleDatabase.CreateAsync();
        await using var database = await FleetDatabase.MigratedAsync(server.ConnectionString);
        var customer = await database.CustomerAsync("ABC0001");
        await database.DeviceAsync(customer, "AN1");
        Assert.Equal(0, await database.Get<Retention>().RunAsync(KeepDays, default)); // nothing is there
        await database.ExecuteAsync("""UPDATE fleet."KeptRows" SET "From" = NULL""");
        await database.Writer.PushAsync(customer, Pushes.Minutes("AN1", Kept.AddDays(-3), 90));

        var error = await Assert.ThrowsAsync<PostgresException>(() => database.Get<Retention>().RunAsync(KeepDays, default));

        Assert.Contains("not all materialised", error.MessageText, StringComparison.Ordinal);
        Assert.Equal(90L, await database.ScalarAsync<long>("""SELECT count(*) FROM fleet."PowerMeasurements" """));
        await RawRows.AssertHoursAsync(database);
    }

    [PostgresFact]
    public async Task A_row_that_is_being_written_is_waited_for_and_rolled_up_before_its_month_goes()
    {
        await using var database = await FleetDatabase.CreateAsync();
        var customer = await database.CustomerAsync("ABC0001");
        await database.DeviceAsync(customer, "AN1");
        var reached = new TaskCompletionSource();
        var go = new TaskCompletionSource();
        var writing = database.Writer.WriteAsync(
            [new ReceivedPost(Pushes.Minutes("AN1", Kept.AddDays(-3), 60), FleetDatabase.Now, customer)],
            false,
            PushSteps.None with
            {
                Close = async (_, _, _, _) =>
                {
                    reached.TrySetResult();
                    await go.Task;
                },
            },
            CancellationToken.None
        );
        await Task.WhenAny(writing, reached.Task);
        var run = database.Get<Retention>().RunAsync(KeepDays, default);
        await WaitingForAsync(database);
        var late = database.Writer.PushAsync(customer, Pushes.Minutes("AN1", Kept.AddDays(-2), 1));
        go.SetResult();
        await writing;

        Assert.Equal([RowOutcome.Expired], (await late).Outcomes);
        Assert.True(await run > 0);
        Assert.Equal(0L, await database.ScalarAsync<long>("""SELECT count(*) FROM fleet."PowerMeasurements" """));
        Assert.Equal(60L, await database.ScalarAsync<long>("SELECT sum(samples)::bigint FROM fleet.hourly_per_device"));
    }

    private static async Task AssertHoursStayAsync(FleetDatabase database, Func<Task> materialiseAsync)
    {
        foreach (var key in (int[])[1, 2])
        {
            Assert.Equal(key, await database.CustomerAsync($"ABC000{key}"));
            Assert.Equal(key, await database.DeviceAsync(key, "AN1"));
            var batch = Pushes.Minutes("AN1", Kept.AddMinutes(-90), 180);
            Pushes.Add(batch, "AN1", Kept.AddDays(-100), [(Quantities.ActivePowerKw, 7), (Quantities.EnergyImportKwh, 900)]);
            await database.Writer.PushAsync(key, batch);
        }

        await materialiseAsync();
        await database.Writer.PushAsync(1, Pushes.Of("AN1", Kept.AddDays(-100).AddMinutes(1), Quantities.ActivePowerKw, 8)); // noted still
        Assert.True(await database.Get<Retention>().RunAsync(KeepDays, default) >= 2);

        // The rows of August and before are gone, and every hour is as they made it.
        Assert.Equal(Kept.UtcDateTime, await database.ScalarAsync<DateTime>("""SELECT min("Time") FROM fleet."PowerMeasurements" """));
        var hours = await HoursAsync(database);
        Assert.Equal(10, hours.Split('\n').Length);
        Assert.Contains("customer_id=1 bucket=2026-05-24T00:00:00.0000000Z samples=2 power_max_kw=8 import_last_kwh=900", hours, StringComparison.Ordinal);
        Assert.Contains("customer_id=1 bucket=2026-08-31T23:00:00.0000000Z samples=60 power_max_kw=89 import_last_kwh=1089", hours, StringComparison.Ordinal);
        var energy = await database.TableAsync("SELECT * FROM fleet.hourly_energy('2026-08-31Z', '2026-09-02Z') ORDER BY 1, 2, 3");

        await database.ExecuteAsync("CALL refresh_continuous_aggregate('fleet.hourly_per_device', NULL, NULL)");
        Assert.Equal(hours, await HoursAsync(database));
        Assert.Equal(0, await database.Get<Retention>().RunAsync(KeepDays, default));

        // A row that comes too late is not taken, and one of the first month that is kept is rolled up.
        var late = Pushes.Of(("AN1", Kept.AddMinutes(-1), [(Quantities.ActivePowerKw, 99)]), ("AN1", Kept, [(Quantities.FrequencyHz, 50)]), ("AN1", Kept.AddSeconds(1), [(Quantities.ActivePowerKw, 99)]));
        Assert.Equal([RowOutcome.Expired, RowOutcome.Accepted, RowOutcome.Accepted], (await database.Writer.PushAsync(1, late)).Outcomes);
        await database.RefreshAllAsync();
        await materialiseAsync();
        var changed = Assert.Single((await HoursAsync(database)).Split('\n').Except(hours.Split('\n')));
        Assert.StartsWith("customer_id=1 bucket=2026-09-01T00:00:00.0000000Z samples=61", changed, StringComparison.Ordinal);
        Assert.Equal(energy, await database.TableAsync("SELECT * FROM fleet.hourly_energy('2026-08-31Z', '2026-09-02Z') ORDER BY 1, 2, 3"));

        // A customer that goes takes its old hours along.
        await database.ExecuteAsync("""DELETE FROM fleet."Customers" WHERE "Id" = 1""");
        Assert.Equal(5, (await HoursAsync(database)).Split('\n').Length);
    }

    private static Task<string> HoursAsync(FleetDatabase database) =>
        database.TableAsync("SELECT customer_id, bucket, samples, power_max_kw, import_last_kwh, first_at, last_at FROM fleet.hourly_per_device ORDER BY 1, 2");

    private static async Task WaitingForAsync(FleetDatabase database)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (!await database.ScalarAsync<bool>($"SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND locktype = 'advisory' AND objid = {FleetLocks.KeptRows & 0xFFFF_FFFF} AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))"))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, deadline.Token);
        }
    }
}
