using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Portal.Data.Connection;
using Portal.Data.Tests.Measurements;
using Portal.Data.TimeSeries.Gathering;
using Portal.Domain.Measurements;
using Portal.Testing;
using Portal.TimeSeries;

namespace Portal.Data.Tests.TimeSeries;

/// <summary>It is noon of 24 November, so the 23rd is the newest day that is over.</summary>
public sealed class DayGatheringTests : IAsyncLifetime
{
    private const int Devices = 20;

    private static readonly DateTimeOffset Day = new(2026, 11, 23, 0, 0, 0, TimeSpan.Zero);

    private readonly WriterDatabase database = new();
    private readonly List<Device> devices = [];

    public async Task InitializeAsync()
    {
        await database.InitializeAsync();
        for (var i = 0; PostgresServer.Missing is null && i < Devices; i++)
        {
            devices.Add(await database.DeviceAsync());
        }
    }

    public Task DisposeAsync() => database.DisposeAsync();

    [PostgresFact]
    public async Task Rows_of_a_day_that_is_over_lie_together_by_device_and_are_what_they_were()
    {
        await ArriveAsync(Day);
        var (before, rows) = (await PagesAsync(devices[7]), await RowsAsync());

        var gathered = await Gathering().RunAsync(default);

        Assert.Equal(new GatheredDay(new DateOnly(2026, 11, 23), Devices, Devices * 1440, IsDone: true), gathered);
        Assert.True(before > 200, $"{before} pages before");
        foreach (var device in devices)
        {
            Assert.InRange(await PagesAsync(device), 1, 25);
        }

        Assert.Equal(rows, await RowsAsync());
    }

    [PostgresFact]
    public async Task Rows_that_a_second_logger_filled_up_lie_together_too()
    {
        await ArriveAsync(Day);
        for (var hour = 0; hour < 24; hour += 4)
        {
            await database.ExecuteAsync(
                """UPDATE monitoring."PowerMeasurements" SET "Voltage2V" = 1, "Voltage3V" = 1 WHERE "Time" >= $1 AND "Time" < $1 + interval '4 hours'""",
                Day.AddHours(hour).UtcDateTime
            );
        }

        await database.ExecuteAsync("""VACUUM monitoring."PowerMeasurements" """); // pages with room
        var (before, rows) = (await PagesAsync(devices[7]), await RowsAsync());

        await Gathering().RunAsync(default);

        Assert.InRange(await PagesAsync(devices[7]), 1, before / 4);
        Assert.Equal(rows, await RowsAsync());
    }

    [PostgresFact]
    public async Task A_day_goes_where_the_one_before_it_came_from()
    {
        for (var day = 0; day < 4; day++)
        {
            await ArriveAsync(Day.AddDays(-day));
        }

        var before = await SizeAsync();

        while (await Gathering().RunAsync(default) is not null)
        {
        }

        Assert.InRange(await SizeAsync(), before, before * 3 / 2); // 5 days' room is 5/4
    }

    [PostgresFact]
    public async Task A_day_is_left_alone_until_late_rows_had_six_hours()
    {
        await ArriveAsync(Day);
        await ArriveAsync(Day.AddDays(1));
        var before = await database.FingerprintAsync();

        database.Clock.Now = Day.AddDays(1).AddHours(6).AddTicks(-10);
        Assert.Equal(new DateOnly(2026, 11, 22), (await Gathering().RunAsync(default))!.Day);
        Assert.Equal(before, await database.FingerprintAsync());

        database.Clock.Now = Day.AddDays(1).AddHours(6);
        Assert.Equal(new DateOnly(2026, 11, 23), (await Gathering().RunAsync(default))!.Day);
    }

    [PostgresFact]
    public async Task Every_day_that_has_a_partition_is_gathered_once_the_newest_first()
    {
        await database.Get<ITimeSeries>().EnsureTimeRangeAsync(new(2024, 2, 1, 0, 0, 0, TimeSpan.Zero), new(2024, 2, 1, 0, 0, 0, TimeSpan.Zero), default);
        var days = new List<DateOnly>();

        while (await Gathering().RunAsync(default) is { } gathered)
        {
            days.Add(gathered.Day);
        }

        var november = Enumerable.Range(1, 23).Select(day => new DateOnly(2026, 11, day));
        var february = Enumerable.Range(1, 29).Select(day => new DateOnly(2024, 2, day));
        Assert.Equal(february.Concat(november).Reverse(), days);
    }

    [PostgresFact]
    public async Task Nothing_is_noted_for_roll_ups_or_the_push()
    {
        await database.ExecuteAsync("""INSERT INTO monitoring."FleetPush" DEFAULT VALUES""");
        await ArriveAsync(Day);

        await Gathering().RunAsync(default);

        Assert.Equal(
            0,
            await database.ScalarAsync<long>("""SELECT (SELECT count(*) FROM monitoring."TouchedRanges") + (SELECT count(*) FROM monitoring."OutboxRanges")""")
        );
    }

    [PostgresFact]
    public async Task It_gives_way_to_a_writer_who_fills_a_row_up_and_keeps_what_was_filled()
    {
        await ArriveAsync(Day);
        await using var writer = await database.DataSource.OpenConnectionAsync();
        await using var writing = await writer.BeginTransactionAsync();
        await ExecuteAsync(writer, $"""UPDATE monitoring."PowerMeasurements" SET "Voltage3V" = 230 WHERE "DeviceId" = {devices[1].Id} AND "Time" = '2026-11-23 10:00Z'""");

        var first = await Gathering().RunAsync(default);
        await writing.CommitAsync();
        var second = await Gathering().RunAsync(default);

        Assert.Equal((1, false), (first!.Devices, first.IsDone));
        Assert.Equal((Devices - 1, true), (second!.Devices, second.IsDone));
        Assert.Equal("7 230", await ValuesAsync(devices[1]));
    }

    [PostgresFact]
    public async Task A_writer_waits_for_a_device_and_fills_its_row_up_or_finds_it_there()
    {
        await ArriveAsync(Day);
        await using var other = await database.DataSource.OpenConnectionAsync();
        await using var gathering = await other.BeginTransactionAsync();
        await ExecuteAsync(other, "SELECT monitoring.gather_next('2026-11-23')");

        var time = Day.AddHours(10);
        var fills = database.FreshWriter().WriteAsync(Posts.Of(devices[0].ExternalId, time, Quantities.Voltage3V, 230), default);
        var repeats = database.FreshWriter().WriteAsync(Posts.Of(devices[0].ExternalId, time, Quantities.ActivePowerKw, 7), default);
        await PortalHost.EventuallyAsync(
            async () => await database.ScalarAsync<long>("SELECT count(*) FROM pg_stat_activity WHERE $1 = ANY (pg_blocking_pids(pid))", other.ProcessID) > 0,
            "a writer waits"
        );
        await gathering.CommitAsync();

        Assert.Equal([RowOutcome.Accepted], (await fills).Outcomes);
        Assert.Equal([RowOutcome.Duplicate], (await repeats).Outcomes);
        Assert.Equal("7 230", await ValuesAsync(devices[0]));
        Assert.Equal(Devices * 1440, await database.ScalarAsync<long>("""SELECT count(*) FROM monitoring."PowerMeasurements" """));
    }

    [PostgresFact]
    public async Task Writers_that_fill_up_a_day_while_it_is_gathered_lose_nothing()
    {
        await ArriveAsync(Day);
        var writing = Task.WhenAll(
            Enumerable
                .Range(0, 2)
                .Select(async writer =>
                {
                    var quantity = writer == 0 ? Quantities.Voltage2V : Quantities.Voltage3V;
                    foreach (var device in devices)
                    {
                        var batch = new MeasurementBatch();
                        for (var minute = 0; minute < 1440; minute++)
                        {
                            Posts.Add(batch, device.ExternalId, Day.AddMinutes(minute).UtcTicks, isLocal: false, isRepeated: false, [(quantity, minute)]);
                        }

                        var result = await database.FreshWriter().WriteAsync(batch, default);
                        Assert.All(result.Outcomes, outcome => Assert.Equal(RowOutcome.Accepted, outcome));
                    }
                })
        );

        while (!writing.IsCompleted)
        {
            Assert.NotNull(await Gathering().RunAsync(default));
            await database.ExecuteAsync("""DELETE FROM monitoring."GatheredDays" WHERE "DoneAt" IS NOT NULL""");
        }

        await writing;
        Assert.Equal(
            Devices * 1440,
            await database.ScalarAsync<long>(
                """
                SELECT count(*) FROM monitoring."PowerMeasurements"
                 WHERE "ActivePowerKw" = 7 AND "Voltage2V" = extract(epoch FROM "Time" - '2026-11-23Z') / 60 AND "Voltage3V" = "Voltage2V"
                """
            )
        );
    }

    [PostgresFact]
    public async Task A_restart_goes_on_with_the_next_device()
    {
        await ArriveAsync(Day);
        for (var device = 0; device < 3; device++)
        {
            await database.ExecuteAsync("SELECT monitoring.gather_next('2026-11-23')"); // by a process that ended then
        }

        var before = await PlacesAsync(devices[2]);

        var gathered = await Gathering().RunAsync(default);

        Assert.Equal((Devices - 3, true), (gathered!.Devices, gathered.IsDone));
        Assert.Equal(before, await PlacesAsync(devices[2]));
        Assert.Equal(Devices * 1440, await database.ScalarAsync<long>("""SELECT "Rows" FROM monitoring."GatheredDays" WHERE "Day" = '2026-11-23'"""));
    }

    [PostgresFact]
    public async Task A_device_that_is_being_deleted_goes_with_all_of_its_rows()
    {
        await ArriveAsync(Day);
        await using var other = await database.DataSource.OpenConnectionAsync();
        await using (var gathering = await other.BeginTransactionAsync())
        {
            await ExecuteAsync(other, "SELECT monitoring.gather_next('2026-11-23')");
            Assert.False(await database.ScalarAsync<bool>("SELECT pg_try_advisory_xact_lock($1)", CatalogueLock.Key)); // so a deletion waits
            await gathering.CommitAsync();
        }

        await using var deletion = await other.BeginTransactionAsync();
        await CatalogueLock.TakeExclusiveAsync(other, deletion, default);
        var gaveWay = await Gathering().RunAsync(default);
        await database.Get<ITimeSeries>().ForgetDeviceAsync(other, deletion, new DeviceKey(devices[1].Id), default);
        await deletion.CommitAsync();
        await Gathering().RunAsync(default);

        Assert.Equal((0, false), (gaveWay!.Devices, gaveWay.IsDone));
        Assert.Equal((Devices - 1) * 1440, await database.ScalarAsync<long>("""SELECT count(*) FROM monitoring."PowerMeasurements" """));
    }

    [PostgresFact]
    public async Task A_month_that_is_dropped_in_between_is_left()
    {
        await ArriveAsync(Day);
        await database.ExecuteAsync("SELECT monitoring.gather_next('2026-11-23')");
        await database.ExecuteAsync("""DROP TABLE monitoring."PowerMeasurements_2026_11" """);

        var error = await Assert.ThrowsAsync<PostgresException>(() => database.ExecuteAsync("SELECT monitoring.gather_next('2026-11-23')"));

        Assert.Equal(PostgresErrorCodes.UndefinedTable, error.SqlState); // a pass under way gives way to that
        Assert.Null(await Gathering().RunAsync(default));
    }

    [PostgresFact]
    public async Task One_process_at_a_time_gathers()
    {
        await ArriveAsync(Day);
        await using var leader = await database.DataSource.OpenConnectionAsync();
        await ExecuteAsync(leader, $"SELECT pg_advisory_lock({AdvisoryLocks.Gathering})");

        Assert.Null(await Gathering().RunAsync(default));

        await ExecuteAsync(leader, $"SELECT pg_advisory_unlock({AdvisoryLocks.Gathering})");
        Assert.True((await Gathering().RunAsync(default))!.IsDone);
        Assert.True(await database.ScalarAsync<bool>("SELECT pg_try_advisory_lock($1)", AdvisoryLocks.Gathering)); // given back
    }

    [PostgresFact]
    public async Task The_job_of_the_service_that_migrates_gathers_what_waits_unless_it_is_switched_off()
    {
        await ArriveAsync(Day);
        var (before, connection) = (await RowsAsync(), database.DataSource.ConnectionString);
        await using (var idle = PortalHost.Create(connection, api: true, database.Clock, dataSource: database.DataSource))
        {
            await idle.StartAsync();
            var job = idle.Services.GetServices<IHostedService>().OfType<GatherJob>().Single();
            await job.ExecuteTask!.WaitAsync(TimeSpan.FromMinutes(1)); // one that is on never ends
        }

        await using var api = PortalHost.Create(connection, api: true, database.Clock, dataSource: database.DataSource, gathersDays: true);
        await api.StartAsync();

        var said = $"Laid {Devices * 1440} measurements of 2026-11-23 together, of {Devices} devices";
        await PortalHost.EventuallyAsync(() => Task.FromResult(api.LogLines.Contains(said)), "the job says what it has done");
        Assert.Equal(before, await RowsAsync());
    }

    private DayGathering Gathering() => new(database.DataSource, database.Clock) { Rest = 0 };

    /// <summary>A day's rows, minute by minute from all devices.</summary>
    private Task<int> ArriveAsync(DateTimeOffset day) =>
        database.ExecuteAsync(
            """
            INSERT INTO monitoring."PowerMeasurements" ("DeviceId", "Time", "ReceivedAt", "ActivePowerKw", "Voltage1V", "EnergyImportKwh")
            SELECT d."Id", t, t + interval '3 seconds', 7, d."Id", extract(epoch FROM t)
              FROM generate_series($1, $1 + interval '1439 minutes', interval '1 minute') AS t
             CROSS JOIN LATERAL (SELECT "Id" FROM monitoring."Devices" WHERE t IS NOT NULL ORDER BY "Id" OFFSET 0) AS d
            """,
            day.UtcDateTime
        );

    private Task<long> PagesAsync(Device device) =>
        database.ScalarAsync<long>("""SELECT count(DISTINCT (ctid::text::point)[0]) FROM monitoring."PowerMeasurements" WHERE "DeviceId" = $1""", device.Id);

    private Task<string> PlacesAsync(Device device) =>
        database.ScalarAsync<string>("""SELECT string_agg(ctid::text, ' ' ORDER BY "Time") FROM monitoring."PowerMeasurements" WHERE "DeviceId" = $1""", device.Id);

    private Task<string> RowsAsync() =>
        database.ScalarAsync<string>("""SELECT md5(string_agg(m::text, ' ' ORDER BY "DeviceId", "Time")) FROM monitoring."PowerMeasurements" AS m""");

    private Task<string> ValuesAsync(Device device) =>
        database.ScalarAsync<string>(
            """SELECT concat_ws(' ', "ActivePowerKw", "Voltage3V") FROM monitoring."PowerMeasurements" WHERE "DeviceId" = $1 AND "Time" = $2""",
            device.Id,
            Day.AddHours(10).UtcDateTime
        );

    private Task<long> SizeAsync() => database.ScalarAsync<long>("""SELECT pg_relation_size('monitoring."PowerMeasurements_2026_11"')""");

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}

/// <summary>There compression lays rows together.</summary>
public sealed class TimescaleGatheringTests(TimescaleWriterDatabase database) : IClassFixture<TimescaleWriterDatabase>
{
    [TimescaleFact]
    public async Task Nothing_is_gathered_on_TimescaleDB()
    {
        var device = await database.DeviceAsync();
        await database.Writer.WriteAsync(Posts.Minutes(device.ExternalId, database.Now.AddDays(-2), 100), default);
        var before = await database.FingerprintAsync();

        Assert.Null(await new DayGathering(database.DataSource, database.Clock).RunAsync(default));

        Assert.Equal(before, await database.FingerprintAsync());
    }
}
