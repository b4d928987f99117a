using Portal.Domain.Measurements;
using Portal.Testing;
using Portal.TimeSeries;
using static Portal.Domain.Measurements.Quantities;

namespace Portal.Data.Tests.Measurements;

public sealed class MeasurementWriterTests(WriterDatabase database) : IClassFixture<WriterDatabase>
{
    private static readonly DateTimeOffset Time = Posts.Start;

    [PostgresFact]
    public async Task A_new_row_is_stored_to_the_microsecond_with_its_values_and_nothing_else()
    {
        var device = await database.DeviceAsync();
        var time = Time.AddTicks(1_234_560);

        var result = await Write(
            Posts.Of((device.ExternalId, time, [(ActivePowerKw, 12.34), (EnergyImportKwh, 36854.512345678901), (LoadType, 'L')]))
        );

        Assert.Equal([RowOutcome.Accepted], result.Outcomes);
        await using var command = database.DataSource.CreateCommand(
            """
            SELECT "Time", "ReceivedAt", "ActivePowerKw", "EnergyImportKwh", "LoadType", num_nonnulls("FrequencyHz", "EnergyExportKwh", "PowerFactor")
              FROM monitoring."PowerMeasurements" WHERE "DeviceId" = $1
            """
        );
        command.Parameters.Add(new() { Value = device.Id });
        await using var reader = await command.ExecuteReaderAsync();
        Assert.True(await reader.ReadAsync());
        Assert.Equal(time, reader.GetFieldValue<DateTimeOffset>(0));
        Assert.Equal(database.Now, reader.GetFieldValue<DateTimeOffset>(1));
        Assert.Equal(12.34f, reader.GetFloat(2));
        Assert.Equal(36854.512345678901, reader.GetDouble(3));
        Assert.Equal("L", reader.GetString(4));
        Assert.Equal(0, reader.GetInt32(5));
        Assert.False(await reader.ReadAsync());
    }

    [PostgresFact]
    public async Task A_second_post_changes_nothing()
    {
        var device = await database.DeviceAsync();
        var first = await Write(Posts.Minutes(device.ExternalId, Time, 3_000));
        var before = await database.FingerprintAsync();

        var second = await Write(Posts.Minutes(device.ExternalId, Time, 3_000));
        var third = await database.FreshWriter().WriteAsync(Posts.Minutes(device.ExternalId, Time, 3_000), CancellationToken.None);

        Assert.All(first.Outcomes, outcome => Assert.Equal(RowOutcome.Accepted, outcome));
        Assert.All(second.Outcomes.Concat(third.Outcomes), outcome => Assert.Equal(RowOutcome.Duplicate, outcome));
        Assert.Equal(0, second.Conflicts + third.Conflicts);
        Assert.Equal(before, await database.FingerprintAsync());
    }

    [PostgresFact]
    public async Task A_second_loggers_post_fills_its_columns_and_leaves_the_others()
    {
        var device = await database.DeviceAsync();
        await Write(Posts.Of((device.ExternalId, Time, [(ActivePowerKw, 1), (EnergyImportKwh, 100)])));

        var result = await Write(Posts.Of((device.ExternalId, Time, [(ActivePowerKw, 2), (Voltage1V, 230.5), (LoadType, 'C')])));

        Assert.Equal([RowOutcome.Accepted], result.Outcomes);
        Assert.Equal(1, result.Conflicts);
        Assert.Equal(
            "1 100 230.5 C",
            await database.ScalarAsync<string>(
                """SELECT concat_ws(' ', "ActivePowerKw", "EnergyImportKwh", "Voltage1V", "LoadType") FROM monitoring."PowerMeasurements" WHERE "DeviceId" = $1""",
                device.Id
            )
        );
    }

    [PostgresFact]
    public async Task Thousands_of_rows_are_filled_as_a_single_one_is()
    {
        var device = await database.DeviceAsync();
        await Write(Posts.Minutes(device.ExternalId, Time, 2_500));
        var voltages = new MeasurementBatch();
        for (var i = 0; i < 2_500; i++)
        {
            (Quantity, double)[] values = [(Voltage1V, 200 + (i % 50)), (LoadType, 'R'), (EnergyExportKwh, i / 3d)];
            Posts.Add(voltages, device.ExternalId, Time.AddMinutes(i).Ticks, false, false, values);
        }

        var filled = await Write(voltages);

        Assert.All(filled.Outcomes, outcome => Assert.Equal(RowOutcome.Accepted, outcome));
        Assert.Equal(0, filled.Conflicts);
        Assert.Equal(
            2_500L,
            await database.ScalarAsync<long>(
                """
                SELECT count(*) FROM monitoring."PowerMeasurements"
                 WHERE "DeviceId" = $1 AND "LoadType" = 'R' AND "ActivePowerKw" IS NOT NULL AND "Voltage1V" IS NOT NULL AND "EnergyExportKwh" IS NOT NULL
                """,
                device.Id
            )
        );
    }

    [PostgresFact]
    public async Task A_differing_value_is_a_duplicate_and_a_conflict_and_the_stored_one_stays()
    {
        var device = await database.DeviceAsync();
        await Write(Posts.Of(device.ExternalId, Time, EnergyImportKwh, 100));

        var result = await Write(Posts.Of(device.ExternalId, Time, EnergyImportKwh, 100.0000001));

        Assert.Equal([RowOutcome.Duplicate], result.Outcomes);
        Assert.Equal(1, result.Conflicts);
        Assert.Equal(
            100d,
            await database.ScalarAsync<double>("""SELECT "EnergyImportKwh" FROM monitoring."PowerMeasurements" WHERE "DeviceId" = $1""", device.Id)
        );
    }

    [PostgresFact]
    public async Task Digits_that_the_column_does_not_keep_are_no_conflict()
    {
        var device = await database.DeviceAsync();
        await Write(Posts.Of(device.ExternalId, Time, ActivePowerKw, 12.3400000001));

        var result = await Write(Posts.Of(device.ExternalId, Time, ActivePowerKw, 12.34));

        Assert.Equal([RowOutcome.Duplicate], result.Outcomes);
        Assert.Equal(0, result.Conflicts);
    }

    [PostgresFact]
    public async Task Months_nobody_has_written_to_make_room_for_themselves()
    {
        var device = await database.DeviceAsync();
        DateTimeOffset[] times =
        [
            MeterClock.Floor,
            new(2003, 2, 28, 23, 59, 59, TimeSpan.Zero),
            new(2003, 3, 1, 0, 0, 0, TimeSpan.Zero),
            database.Now + MeterClock.MaxAhead,
        ];

        var result = await Write(Posts.Of(times.Select(time => (device.ExternalId, time, new[] { (FrequencyHz, 50d) })).ToArray()));

        Assert.All(result.Outcomes, outcome => Assert.Equal(RowOutcome.Accepted, outcome));
        Assert.Equal(4L, await Rows(device));
    }

    [PostgresFact]
    public async Task A_time_ahead_of_our_clock_or_before_any_meter_is_refused_and_its_neighbours_are_stored()
    {
        var device = await database.DeviceAsync();
        DateTimeOffset[] times =
        [
            database.Now + MeterClock.MaxAhead + TimeSpan.FromMicroseconds(1),
            MeterClock.Floor - TimeSpan.FromMicroseconds(1),
            Time,
        ];

        var result = await Write(Posts.Of(times.Select(time => (device.ExternalId, time, new[] { (FrequencyHz, 50d) })).ToArray()));

        Assert.Equal([RowOutcome.FutureTime, RowOutcome.InvalidTime, RowOutcome.Accepted], result.Outcomes);
        Assert.Equal(1L, await Rows(device));
    }

    [PostgresFact]
    public async Task Rows_refused_before_keep_their_reason_and_are_not_stored()
    {
        var device = await database.DeviceAsync();
        var batch = Posts.Minutes(device.ExternalId, Time, 3);
        batch.Refuse(1, RowOutcome.OutOfRange);
        batch.AddRefused(0, 3, RowOutcome.InvalidTime);

        var result = await Write(batch);

        Assert.Equal([RowOutcome.Accepted, RowOutcome.OutOfRange, RowOutcome.Accepted, RowOutcome.InvalidTime], result.Outcomes);
        Assert.Equal(2L, await Rows(device));
    }

    [PostgresFact]
    public async Task Sparse_rows_amid_densely_stored_ones_are_found()
    {
        var device = await database.DeviceAsync();
        var seconds = new MeasurementBatch();
        for (var i = 0; i < 4_000; i++)
        {
            Posts.Add(seconds, device.ExternalId, Time.AddSeconds(i).Ticks, false, false, [(FrequencyHz, 50)]);
        }

        await Write(seconds);
        var sparse = Posts.Of(
            [.. Enumerable.Range(0, 7).Select(i => (device.ExternalId, Time.AddMinutes(10 * i), new[] { (FrequencyHz, i == 3 ? 49d : 50d) }))]
        );

        var result = await Write(sparse);

        Assert.All(result.Outcomes, outcome => Assert.Equal(RowOutcome.Duplicate, outcome));
        Assert.Equal(1, result.Conflicts);
    }

    [PostgresFact]
    public async Task Touched_quarter_hours_are_noted_for_rows_that_changed_something_and_for_no_others()
    {
        var device = await database.DeviceAsync();
        await Write(Posts.Minutes(device.ExternalId, Time, 40));
        Assert.Equal("2026-11-10 10:00:00+00 2026-11-10 10:45:00+00", await Notes(device));
        await database.ExecuteAsync("""DELETE FROM monitoring."TouchedRanges" """);

        await Write(Posts.Minutes(device.ExternalId, Time, 40));
        Assert.Equal("", await Notes(device));

        await Write(Posts.Of((device.ExternalId, Time.AddMinutes(16), [(ActivePowerKw, 16d)]), (device.ExternalId, Time.AddMinutes(31), [(FrequencyHz, 50d)])));
        Assert.Equal("2026-11-10 10:30:00+00 2026-11-10 10:45:00+00", await Notes(device));
    }

    private Task<WriteResult> Write(MeasurementBatch batch) => database.Writer.WriteAsync(batch, CancellationToken.None);

    private Task<long> Rows(Device device) =>
        database.ScalarAsync<long>("""SELECT count(*) FROM monitoring."PowerMeasurements" WHERE "DeviceId" = $1""", device.Id);

    private Task<string> Notes(Device device) =>
        database.ScalarAsync<string>(
            """SELECT coalesce(string_agg("From"::text || ' ' || "To"::text, ' ' ORDER BY "From"), '') FROM monitoring."TouchedRanges" WHERE "DeviceId" = $1""",
            device.Id
        );
}
