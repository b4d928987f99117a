using Portal.Domain.Measurements;
using Portal.Testing;

namespace Portal.Data.Tests.Measurements;

/// <summary>Rows without a zone, through to the table.</summary>
public sealed class LocalRowTests(WriterDatabase database) : IClassFixture<WriterDatabase>
{
    [PostgresFact]
    public async Task Local_times_are_stored_by_the_clock_of_the_devices_own_site()
    {
        var here = await database.DeviceAsync();
        var there = await database.DeviceAsync(database.NewYork);
        var batch = Posts.Local(here.ExternalId, "2026-11-01 01:30");
        (Quantity, double)[] values = [(Quantities.EnergyImportKwh, 1)];
        Posts.Add(batch, there.ExternalId, new DateTime(2026, 11, 1, 1, 30, 0).Ticks, isLocal: true, isRepeated: false, values);
        Posts.Add(batch, there.ExternalId, new DateTime(2026, 11, 1, 1, 30, 0).Ticks, isLocal: true, isRepeated: true, values);

        await database.Writer.WriteAsync(batch, CancellationToken.None);

        Assert.Equal("2026-11-01 01:30:00+00=1", await Stored(here));
        Assert.Equal("2026-11-01 05:30:00+00=1 2026-11-01 06:30:00+00=1", await Stored(there));
    }

    [PostgresFact]
    public async Task Rows_that_turn_out_to_be_one_instant_merge_and_the_first_wins()
    {
        var device = await database.DeviceAsync(database.NewYork);
        // 02:30 is in the hour that is missing, and becomes 03:30; that row comes later and has another value.
        var batch = Posts.Local(device.ExternalId, "2026-03-08 02:30", "2026-03-08 03:30");
        batch.Fill(1, Quantities.FrequencyHz, 60);

        var first = await database.Writer.WriteAsync(batch, CancellationToken.None);
        var again = await database.Writer.WriteAsync(
            Posts.Local(device.ExternalId, "2026-03-08 02:30", "2026-03-08 03:30"),
            CancellationToken.None
        );

        Assert.Equal([RowOutcome.Accepted, RowOutcome.Accepted], first.Outcomes);
        Assert.Equal([RowOutcome.Duplicate, RowOutcome.Duplicate], again.Outcomes);
        Assert.Equal((1, 1), (first.Conflicts, again.Conflicts));
        Assert.Equal("2026-03-08 07:30:00+00=1", await Stored(device));
        Assert.Equal(
            60f,
            await database.ScalarAsync<float>("""SELECT "FrequencyHz" FROM monitoring."PowerMeasurements" WHERE "DeviceId" = $1""", device.Id)
        );
    }

    [PostgresFact]
    public async Task Whether_a_local_time_lies_ahead_is_judged_by_the_sites_clock()
    {
        // Noon UTC, 07:00 in New York.
        var device = await database.DeviceAsync(database.NewYork);

        var result = await database.Writer.WriteAsync(
            Posts.Local(device.ExternalId, "2026-11-24 07:05:00", "2026-11-24 07:05:01", "2000-01-01 18:59:59", "2000-01-01 19:00:00"),
            CancellationToken.None
        );

        Assert.Equal([RowOutcome.Accepted, RowOutcome.FutureTime, RowOutcome.InvalidTime, RowOutcome.Accepted], result.Outcomes);
    }

    private Task<string> Stored(Device device) =>
        database.ScalarAsync<string>(
            """SELECT string_agg("Time"::text || '=' || "EnergyImportKwh", ' ' ORDER BY "Time") FROM monitoring."PowerMeasurements" WHERE "DeviceId" = $1""",
            device.Id
        );
}
