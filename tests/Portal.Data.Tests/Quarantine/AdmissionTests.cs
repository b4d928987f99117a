using Portal.Data.Tests.Measurements;
using Portal.Domain.Measurements;
using Portal.Testing;
using Portal.TimeSeries;

namespace Portal.Data.Tests.Quarantine;

public sealed class AdmissionTests(WriterDatabase database) : IClassFixture<WriterDatabase>
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(120);

    [PostgresTheory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_device_claimed_amid_its_posts_loses_no_row(int round)
    {
        var serial = $"claimed-{round}";
        var written = 0;
        using var enough = new CancellationTokenSource();
        var writers = Enumerable.Range(0, 3).Select(Write).ToArray();

        await Until(() => Volatile.Read(ref written) > 20);
        var claimed = await Create(serial).WaitAsync(Deadline);
        var atClaim = Volatile.Read(ref written);
        await Until(() => Volatile.Read(ref written) > atClaim + 20);
        await enough.CancelAsync();
        await Task.WhenAll(writers).WaitAsync(Deadline);

        Assert.Equal(AdmissionOutcome.Done, claimed.Outcome);
        Assert.True(claimed.AdmittedRows > 0);
        Assert.Equal((long)written, await Rows(claimed.DeviceId));
        Assert.Null(await database.Get<UnclaimedDevices>().FindAsync(serial, CancellationToken.None));

        async Task Write(int writer)
        {
            for (var i = 0; !enough.IsCancellationRequested; i++)
            {
                var time = Posts.Start.AddDays(writer).AddSeconds(i);
                await database.Writer.WriteAsync(Posts.Of(serial, time, Quantities.FrequencyHz, 50), CancellationToken.None);
                Interlocked.Increment(ref written);
            }
        }
    }

    [PostgresFact]
    public async Task A_device_deleted_amid_its_posts_leaves_no_measurement_and_what_comes_after_waits()
    {
        var device = await database.DeviceAsync();
        await database.Writer.WriteAsync(Posts.Minutes(device.ExternalId, Posts.Start, 5_000), CancellationToken.None);
        await database.Get<ITimeSeries>().RefreshAsync(CancellationToken.None);
        var (accepted, unknown) = (0, 0);
        using var enough = new CancellationTokenSource();
        var writers = Enumerable.Range(0, 3).Select(Write).ToArray();

        await Until(() => Volatile.Read(ref accepted) > 20);
        Assert.True(await database.Admission.DeleteAsync(device.Id, database.Audit("device.deleted"), CancellationToken.None).WaitAsync(Deadline));
        await Until(() => Volatile.Read(ref unknown) > 20);
        await enough.CancelAsync();
        await Task.WhenAll(writers).WaitAsync(Deadline);

        Assert.Equal(0L, await Rows(device.Id));
        Assert.Equal(0L, await database.ScalarAsync<long>("""SELECT count(*) FROM monitoring."TouchedRanges" WHERE "DeviceId" = $1""", device.Id));
        Assert.Equal(
            0L,
            await database.ScalarAsync<long>("SELECT count(*) FROM monitoring.quarter_hourly_per_device WHERE device_id = $1", device.Id)
        );
        var waiting = await database.Get<UnclaimedDevices>().FindAsync(device.ExternalId, CancellationToken.None);
        Assert.Equal(unknown, waiting?.Rows);

        // Claimed again it is another device with what came since.
        var again = await Create(device.ExternalId);
        Assert.NotEqual(device.Id, again.DeviceId);
        Assert.Equal((long)unknown, await Rows(again.DeviceId));

        async Task Write(int writer)
        {
            for (var i = 0; !enough.IsCancellationRequested; i++)
            {
                var time = Posts.Start.AddDays(4 + writer).AddSeconds(i);
                var result = await database.Writer.WriteAsync(Posts.Of(device.ExternalId, time, Quantities.FrequencyHz, 50), CancellationToken.None);
                _ = result.Outcomes[0] == RowOutcome.Accepted ? Interlocked.Increment(ref accepted) : Interlocked.Increment(ref unknown);
            }
        }
    }

    [PostgresFact]
    public async Task A_month_of_rows_in_small_posts_is_admitted_in_one_go()
    {
        // A post every quarter of an hour, and a logger that uploads the month at once.
        var from = database.Now.AddDays(-30);
        for (var i = 0; i < 1_200; i++)
        {
            await database.Writer.WriteAsync(Posts.Of("month", from.AddMinutes(15 * i), Quantities.FrequencyHz, 50), CancellationToken.None);
        }

        await database.Writer.WriteAsync(Posts.Minutes("month", from, 43_200), CancellationToken.None);

        var created = await Create("month");

        Assert.Equal(1_200 + 43_200, created.AdmittedRows);
        Assert.Equal(43_200L, await Rows(created.DeviceId));
        Assert.Equal(
            1_200L,
            await database.ScalarAsync<long>(
                """SELECT count(*) FROM monitoring."PowerMeasurements" WHERE "DeviceId" = $1 AND "FrequencyHz" = 50 AND "ActivePowerKw" IS NOT NULL""",
                created.DeviceId
            )
        );
        Assert.Equal(0, database.Get<Data.Quarantine.QuarantineUsage>().Amount.Rows);
    }

    [PostgresFact]
    public async Task A_serial_that_is_taken_and_a_site_that_is_not_there_change_nothing()
    {
        var device = await database.DeviceAsync();

        Assert.Equal(AdmissionOutcome.ExternalIdTaken, (await Create(device.ExternalId)).Outcome);
        Assert.Equal(AdmissionOutcome.UnknownSite, (await Create("no-site", Guid.CreateVersion7())).Outcome);
        Assert.False(await database.Admission.DeleteAsync(int.MaxValue, database.Audit("device.deleted"), CancellationToken.None));
        Assert.Equal(
            0L,
            await database.ScalarAsync<long>("""SELECT count(*) FROM portal."AuditEntries" WHERE "Action" IN ('device.claimed', 'device.deleted') AND "Subject" = 'nothing'""")
        );
    }

    [PostgresFact]
    public async Task A_device_that_gets_another_serial_keeps_its_rows_and_takes_in_what_waits_for_it()
    {
        var device = await database.DeviceAsync();
        await database.Writer.WriteAsync(Posts.Minutes(device.ExternalId, Posts.Start, 10), CancellationToken.None);
        await database.Writer.WriteAsync(Posts.Minutes("replacement", Posts.Start.AddMinutes(5), 10), CancellationToken.None);
        device.ExternalId = "replacement";

        var changed = await database.Admission.ChangeAsync(device, database.Audit("device.changed"), CancellationToken.None);

        Assert.Equal(AdmissionOutcome.Done, changed.Outcome);
        Assert.Equal((device.Id, 5L), (changed.DeviceId, changed.AdmittedRows));
        Assert.Equal(15L, await Rows(device.Id));
        device.Id = int.MaxValue;
        device.ExternalId = "other";
        Assert.Equal(
            AdmissionOutcome.UnknownDevice,
            (await database.Admission.ChangeAsync(device, database.Audit("device.changed"), CancellationToken.None)).Outcome
        );
    }

    private Task<AdmissionResult> Create(string serial, Guid? site = null)
    {
        var audit = database.Audit("device.claimed");
        audit.Subject = "nothing";
        var device = new Device { Name = serial, ExternalId = serial, SiteId = site ?? database.Site, CreatedAt = database.Now };
        return database.Admission.CreateAsync(device, audit, CancellationToken.None);
    }

    private Task<long> Rows(int device) =>
        database.ScalarAsync<long>("""SELECT count(*) FROM monitoring."PowerMeasurements" WHERE "DeviceId" = $1""", device);

    private static async Task Until(Func<bool> condition)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < Deadline, "It did not come to that in time.");
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }
    }
}
