using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Portal.Data.Quarantine;
using Portal.Data.Tests.Measurements;
using Portal.Domain.Measurements;
using Portal.Testing;
using Portal.TimeSeries;

namespace Portal.Data.Tests.Quarantine;

public sealed class QuarantineTests(WriterDatabase database) : IClassFixture<WriterDatabase>, IAsyncLifetime
{
    private const string Drops = """SELECT string_agg("Day"::text || ' ' || "Reason" || ' ' || "Rows", ', ' ORDER BY "Day") FROM portal."QuarantineDrops" """;

    private static readonly DateTimeOffset Time = Posts.Start;

    public async Task InitializeAsync()
    {
        database.Clock.Now = new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);
        await database.ExecuteAsync("""DELETE FROM monitoring."QuarantinedPosts" """);
        await database.ExecuteAsync("""DELETE FROM portal."QuarantineDrops" """);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [PostgresFact]
    public async Task Rows_of_an_unknown_device_wait_and_are_measurements_once_it_is_created()
    {
        var result = await Write(Posts.Minutes("new-1", Time, 2_500));
        Assert.All(result.Outcomes, outcome => Assert.Equal(RowOutcome.UnknownDevice, outcome));
        var waiting = Assert.Single(await List());
        Assert.Equal(new UnclaimedDevice("new-1", database.Now, database.Now, 2_500, Time.AddMinutes(2_499)), waiting);
        database.Clock.Now += TimeSpan.FromDays(3);

        var created = await Create("new-1");

        Assert.Equal(2_500, created.AdmittedRows);
        Assert.Empty(await List());
        Assert.Equal(2_500L, await Rows(created));
        Assert.Equal(
            "2026-11-24 12:00:00+00",
            await database.ScalarAsync<string>("""SELECT max("ReceivedAt")::text FROM monitoring."PowerMeasurements" WHERE "DeviceId" = $1""", created.DeviceId)
        );
        Assert.All((await Write(Posts.Minutes("new-1", Time, 2_500))).Outcomes, outcome => Assert.Equal(RowOutcome.Duplicate, outcome));
        Assert.True(await database.ScalarAsync<bool>("""SELECT count(*) > 0 FROM monitoring."TouchedRanges" WHERE "DeviceId" = $1""", created.DeviceId));
        Assert.Equal(
            $$"""{"id": {{created.DeviceId}}, "admittedRows": 2500}""",
            await database.ScalarAsync<string>("""SELECT "Details"::text FROM portal."AuditEntries" ORDER BY "Id" DESC LIMIT 1""")
        );
    }

    [PostgresFact]
    public async Task A_post_repeated_for_an_unknown_device_is_kept_once()
    {
        await Write(Posts.Minutes("twice", Time, 10));
        await Write(Posts.Minutes("twice", Time, 10));

        Assert.Equal(10, Assert.Single(await List()).Rows);
    }

    [PostgresFact]
    public async Task Posts_of_several_loggers_come_out_of_quarantine_as_if_the_device_had_been_there()
    {
        const int seed = 77;
        var posts = new RandomPosts(seed, ["loggers"]).Take(40, 400, agree: false);
        var table = new StoredTable();
        foreach (var post in posts)
        {
            table.Write(post);
            await Write(post);
            database.Clock.Now += TimeSpan.FromSeconds(1);
        }

        var created = await Create("loggers");

        Assert.Equal(table.Lines(), await StoredTable.ReadAsync(database, "loggers"));
        Assert.True(created.AdmittedRows >= table.Count);
    }

    [PostgresFact]
    public async Task Local_times_wait_for_the_zone_of_the_site_that_claims_them()
    {
        await Write(Posts.Local("local", "2026-11-01 01:45", "2026-11-01 01:45*", "2026-11-01 02:00", "2026-11-24 08:00"));
        var waiting = Assert.Single(await List());
        Assert.Null(waiting.NewestTime);

        // 08:00 in New York is 13:00 UTC, an hour ahead of when the post came in.
        var created = await Create("local", database.NewYork);

        Assert.Equal(3, created.AdmittedRows);
        Assert.Equal(
            "2026-11-01 05:45:00+00=1 2026-11-01 06:45:00+00=2 2026-11-01 07:00:00+00=3",
            await database.ScalarAsync<string>(
                """SELECT string_agg("Time"::text || '=' || "EnergyImportKwh", ' ' ORDER BY "Time") FROM monitoring."PowerMeasurements" WHERE "DeviceId" = $1""",
                created.DeviceId
            )
        );
        Assert.Empty(await List());
    }

    [PostgresFact]
    public async Task A_known_devices_neighbour_in_the_post_is_stored_and_refused_rows_are_not_kept()
    {
        var known = await database.DeviceAsync();
        var post = Posts.Of(
            (known.ExternalId, Time, [(Quantities.FrequencyHz, 50)]),
            ("nobody", Time, [(Quantities.FrequencyHz, 50)]),
            ("nobody", Time.AddMinutes(1), [(Quantities.FrequencyHz, 50)])
        );
        post.Refuse(2, RowOutcome.OutOfRange);

        var result = await Write(post);

        Assert.Equal([RowOutcome.Accepted, RowOutcome.UnknownDevice, RowOutcome.OutOfRange], result.Outcomes);
        Assert.Equal(1, Assert.Single(await List()).Rows);
    }

    [PostgresFact]
    public async Task The_list_is_paged_by_serial()
    {
        foreach (var serial in new[] { "c", "a", "d", "b" })
        {
            await Write(Posts.Minutes(serial, Time, 2));
        }

        var unclaimed = database.Get<UnclaimedDevices>();
        var first = await unclaimed.ListAsync(null, 3, CancellationToken.None);
        var second = await unclaimed.ListAsync(first[^1].ExternalId, 3, CancellationToken.None);

        Assert.Equal(["a", "b", "c"], first.Select(device => device.ExternalId));
        Assert.Equal(["d"], second.Select(device => device.ExternalId));
        Assert.Equal(2, (await unclaimed.FindAsync("b", CancellationToken.None))?.Rows);
        Assert.Null(await unclaimed.FindAsync("e", CancellationToken.None));
    }

    [PostgresFact]
    public async Task What_is_older_than_the_bound_is_dropped_and_counted()
    {
        using var dropped = database.Collect<long>("portal.quarantine.dropped");
        await Write(Posts.Minutes("old", Time, 5));
        database.Clock.Now += TimeSpan.FromDays(29);
        await Write(Posts.Minutes("young", Time, 7));
        database.Clock.Now += TimeSpan.FromDays(2);

        var left = await Bounds.EnforceAsync(CancellationToken.None);

        Assert.Equal(7, left.Rows);
        Assert.Equal("young", Assert.Single(await List()).ExternalId);
        var drop = Assert.Single(dropped.GetMeasurementSnapshot());
        Assert.Equal((5L, "age"), (drop.Value, drop.Tags["reason"]));
        Assert.Equal("2026-12-25 age 5", await database.ScalarAsync<string>(Drops));

        // The next one of the day is added to it.
        database.Clock.Now += TimeSpan.FromHours(11);
        await Write(Posts.Minutes("older", Time, 3));
        await database.ExecuteAsync("""UPDATE monitoring."QuarantinedPosts" SET "ReceivedAt" = "ReceivedAt" - interval '60 days' WHERE "ExternalId" = 'older'""");
        await Bounds.EnforceAsync(CancellationToken.None);
        Assert.Equal("2026-12-25 age 8", await database.ScalarAsync<string>(Drops));
    }

    [PostgresFact]
    public async Task What_is_more_than_the_bound_is_dropped_from_the_oldest_on_as_soon_as_it_is_reached()
    {
        await Bounds.EnforceAsync(CancellationToken.None);
        using var dropped = database.Collect<long>("portal.quarantine.dropped");
        var usage = database.Get<QuarantineUsage>();
        var posts = 0;
        while (!usage.Full.IsCompleted)
        {
            Assert.InRange(++posts, 1, 100);
            await Write(Posts.Minutes($"full-{posts:D3}", Time, 900));
            database.Clock.Now += TimeSpan.FromSeconds(1);
        }

        var before = await List();
        Assert.Equal(before.Sum(device => device.Rows), usage.Amount.Rows);
        var left = await Bounds.EnforceAsync(CancellationToken.None);

        var after = await List();
        Assert.InRange(left.Bytes, (1 << 20) * 7 / 10, (1 << 20) * 9 / 10);
        Assert.Equal(before.TakeLast(after.Count), after);
        Assert.Equal(before.Sum(device => device.Rows) - left.Rows, dropped.GetMeasurementSnapshot().EvaluateAsCounter());
        Assert.Equal($"2026-11-24 size {before.Sum(device => device.Rows) - left.Rows}", await database.ScalarAsync<string>(Drops));
        Assert.False(usage.Full.IsCompleted);
        Assert.Equal(left, usage.Amount);
    }

    private QuarantineBounds Bounds => database.Get<QuarantineBounds>();

    private Task<WriteResult> Write(MeasurementBatch batch) => database.Writer.WriteAsync(batch, CancellationToken.None);

    private Task<List<UnclaimedDevice>> List() => database.Get<UnclaimedDevices>().ListAsync(null, 1_000, CancellationToken.None);

    private Task<AdmissionResult> Create(string serial, Guid? site = null) =>
        database.Admission.CreateAsync(
            new Device { Name = serial, ExternalId = serial, SiteId = site ?? database.Site, CreatedAt = database.Now },
            database.Audit("device.claimed"),
            CancellationToken.None
        );

    private Task<long> Rows(AdmissionResult device) =>
        database.ScalarAsync<long>("""SELECT count(*) FROM monitoring."PowerMeasurements" WHERE "DeviceId" = $1""", device.DeviceId);
}
