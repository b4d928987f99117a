using Portal.Data.FleetPush;
using Portal.Data.Tests.Measurements;
using Portal.Domain.Measurements;
using Portal.TimeSeries;

namespace Portal.Data.Tests.FleetPush;

/// <summary>What the outbox does on either engine.</summary>
internal sealed class OutboxScenarios(WriterDatabase database)
{
    private static readonly DateTimeOffset Evening = new(2026, 11, 10, 23, 55, 0, TimeSpan.Zero);

    private readonly OutboxDatabase outbox = new(database);

    public async Task Stored_and_filled_rows_are_noted_by_device_and_day_and_nothing_else_is()
    {
        await outbox.OffAsync();
        var device = await database.DeviceAsync();
        await WriteAsync(Posts.Minutes(device.ExternalId, Posts.Start, 3));
        Assert.Empty(await outbox.NotesAsync(device));
        await using var session = await outbox.OnAsync();
        await AcknowledgeAllAsync(session);

        await WriteAsync(Posts.Minutes(device.ExternalId, Evening, 10));
        Assert.Equal(["11-10 23:55:00 … 11-10 23:59:00 (5)", "11-11 00:00:00 … 11-11 00:04:00 (5)"], await outbox.NotesAsync(device));

        // Known already, but for one column of one row.
        await AcknowledgeAllAsync(session);
        await WriteAsync(Posts.Minutes(device.ExternalId, Evening, 10));
        Assert.Empty(await outbox.NotesAsync(device));
        await WriteAsync(Posts.Of(device.ExternalId, Evening.AddMinutes(2), Quantities.FrequencyHz, 50));
        Assert.Equal(["11-10 23:57:00 … 11-10 23:57:00 (1)"], await outbox.NotesAsync(device));
    }

    public async Task Switching_on_notes_all_that_is_stored_and_switching_off_clears()
    {
        await outbox.OffAsync();
        var (first, second) = (await database.DeviceAsync(), await database.DeviceAsync());
        await WriteAsync(Posts.Minutes(first.ExternalId, Evening.AddDays(-400), 20));
        await WriteAsync(Posts.Minutes(first.ExternalId, Evening, 20));
        await database.Get<ITimeSeries>().RefreshAsync(default);
        await WriteAsync(Posts.Minutes(second.ExternalId, Evening.AddDays(-30), 5));
        await WriteAsync(Posts.Of(first.ExternalId, Evening.AddHours(-20), Quantities.FrequencyHz, 50)); // late

        await using (var session = await outbox.OnAsync())
        {
            Assert.Equal(0, await outbox.UnnotedAsync());
            Assert.Equal(4, (await outbox.NotesAsync(first)).Length); // a note a day
            var notes = await outbox.CountAsync("OutboxRanges");
            await session.SwitchOnAsync(default);
            Assert.Equal(notes, await outbox.CountAsync("OutboxRanges"));

            await AcknowledgeAllAsync(session);
            await outbox.OffAsync();
            await WriteAsync(Posts.Minutes(second.ExternalId, Evening, 5));
            Assert.Equal(0, await outbox.CountAsync("OutboxRanges"));
            Assert.Equal(0, await outbox.CountAsync("FleetPush"));

            await session.SwitchOnAsync(default);
        }

        Assert.Equal(0, await outbox.UnnotedAsync());
    }

    public async Task A_switch_on_that_breaks_off_is_finished_by_the_next()
    {
        await outbox.OffAsync();
        var device = await database.DeviceAsync();
        await WriteAsync(Posts.Minutes(device.ExternalId, Posts.Start, 3));
        await database.ExecuteAsync("""INSERT INTO monitoring."FleetPush" DEFAULT VALUES""");

        await using var session = await outbox.OnAsync();

        Assert.Equal(0, await outbox.UnnotedAsync());
    }

    public async Task A_deleted_device_takes_its_notes_along_and_leaves_a_tombstone()
    {
        await using var session = await outbox.OnAsync();
        var device = await database.DeviceAsync();
        await WriteAsync(Posts.Minutes(device.ExternalId, Posts.Start, 3));

        await DeleteAsync(device);
        Assert.Empty(await outbox.NotesAsync(device));
        Assert.Equal([device.ExternalId], await outbox.TombstonesAsync(device.ExternalId));

        // Created again before the fleet has heard of it: it has to, or the old device's rows would stay there.
        var again = await database.DeviceAsync(externalId: device.ExternalId);
        Assert.Equal([device.ExternalId], await outbox.TombstonesAsync(device.ExternalId));
        await AcknowledgeTombstonesAsync(session);
        Assert.Empty(await outbox.TombstonesAsync(device.ExternalId));

        // Heard of: kept, until the serial is created again.
        await DeleteAsync(again);
        await AcknowledgeTombstonesAsync(session);
        Assert.Equal([$"({device.ExternalId})"], await outbox.TombstonesAsync(device.ExternalId));
        await database.DeviceAsync(externalId: device.ExternalId);
        Assert.Empty(await outbox.TombstonesAsync(device.ExternalId));
    }

    public async Task A_deletion_while_an_older_one_is_pushed_is_another_one()
    {
        await using var session = await outbox.OnAsync();
        var device = await database.DeviceAsync();
        await DeleteAsync(device);
        var pushed = await session.Catalogue.TombstonesAsync(100, default);
        await DeleteAsync(await database.DeviceAsync(externalId: device.ExternalId));

        await session.Catalogue.AcknowledgeAsync(pushed, default);

        Assert.Equal([device.ExternalId], await outbox.TombstonesAsync(device.ExternalId));
        Assert.False(await database.Admission.DeleteAsync(int.MaxValue, database.Audit("device.deleted"), default));
    }

    public async Task A_device_with_another_serial_is_a_deletion_and_all_its_rows_anew()
    {
        await using var session = await outbox.OnAsync();
        var device = await database.DeviceAsync();
        var before = device.ExternalId;
        await WriteAsync(Posts.Minutes(before, Evening, 10));
        await database.Get<ITimeSeries>().RefreshAsync(default);
        await AcknowledgeAllAsync(session);
        device.ExternalId = $"{before}-new";
        await WriteAsync(Posts.Minutes(device.ExternalId, Posts.Start, 2)); // waits in quarantine

        var changed = await database.Admission.ChangeAsync(device, database.Audit("device.changed"), default);

        Assert.Equal((AdmissionOutcome.Done, 2L), (changed.Outcome, changed.AdmittedRows));
        Assert.Equal([before], await outbox.TombstonesAsync(before, device.ExternalId));
        var rows = await OutboxDatabase.ReadAsync(session, await session.Outbox.TakeAsync(false, 100, long.MaxValue, default), 100);
        Assert.Equal(12, rows.Count);
        Assert.All(rows, row => Assert.Equal(device.ExternalId, row.ExternalId));

        // The same serial again is no change.
        await AcknowledgeAllAsync(session);
        device.Name = "Renamed";
        await database.Admission.ChangeAsync(device, database.Audit("device.changed"), default);
        Assert.Empty(await outbox.NotesAsync(device));
    }

    public async Task Rows_that_are_admitted_from_the_quarantine_are_noted()
    {
        await using var session = await outbox.OnAsync();
        await WriteAsync(Posts.Minutes("waiting", Posts.Start, 7));

        var device = await database.DeviceAsync(externalId: "waiting");

        Assert.Equal(["11-10 10:00:00 … 11-10 10:06:00 (7)"], await outbox.NotesAsync(device));
    }

    public async Task Rows_are_read_in_batches_with_their_very_values()
    {
        await using var session = await outbox.OnAsync();
        await AcknowledgeAllAsync(session);
        var (first, second) = (await database.DeviceAsync(), await database.DeviceAsync());
        await WriteAsync(Posts.Minutes(first.ExternalId, Evening, 10));
        await WriteAsync(
            Posts.Of(
                (second.ExternalId, Posts.Start, [(Quantities.ActivePowerKw, 12.34), (Quantities.LoadType, 'L'), (Quantities.EnergyImportKwh, 0.1 + 0.2)]),
                (second.ExternalId, Posts.Start.AddTicks(10), [(Quantities.FrequencyHz, 49.99)])
            )
        );
        await WriteAsync(Posts.Of(first.ExternalId, Evening.AddMinutes(9), Quantities.FrequencyHz, 50)); // a note within another's range

        var round = await session.Outbox.TakeAsync(false, 100, long.MaxValue, default);
        Assert.Equal(4, round.NoteIds.Length);
        Assert.Equal(3, round.Ranges.Count);
        foreach (var size in new[] { 1, 3, 12, 100 })
        {
            var rows = await OutboxDatabase.ReadAsync(session, round, size);
            Assert.Equal(12, rows.Select(row => (row.ExternalId, row.Ticks)).Distinct().Count());
            Assert.Equal(12, rows.Count);
            var special = rows.Single(row => row.Ticks == Posts.Start.UtcTicks);
            Assert.Equal(second.ExternalId, special.ExternalId);
            Assert.Equal((12.34f, 'L', 0.1 + 0.2), ((float)special.Values[Quantities.ActivePowerKw.Index], (char)special.Values[Quantities.LoadType.Index], special.Values[Quantities.EnergyImportKwh.Index]));
            Assert.Equal(3, special.Values.Count(value => !double.IsNaN(value)));
        }
    }

    public async Task Newest_rows_come_first_and_by_turns_the_oldest_notes()
    {
        await using var session = await outbox.OnAsync();
        await AcknowledgeAllAsync(session);
        var device = await database.DeviceAsync();
        await WriteAsync(Posts.Of(device.ExternalId, Posts.Start.AddDays(1), Quantities.FrequencyHz, 50));
        await WriteAsync(Posts.Of(device.ExternalId, Posts.Start.AddDays(3), Quantities.FrequencyHz, 50));
        await WriteAsync(Posts.Of(device.ExternalId, Posts.Start, Quantities.FrequencyHz, 50));

        Assert.Equal(3, await DayAsync(oldest: false));
        Assert.Equal(1, await DayAsync(oldest: true));

        // A note is taken whole, and another only while there is room.
        await WriteAsync(Posts.Minutes(device.ExternalId, Posts.Start.AddDays(4), 50));
        Assert.Single((await session.Outbox.TakeAsync(false, 50, long.MaxValue, default)).NoteIds);
        Assert.Equal(3, (await session.Outbox.TakeAsync(false, 52, long.MaxValue, default)).NoteIds.Length);

        // What is noted while a push is under way waits for the next.
        var last = (await session.Journal.BacklogAsync(default)).LastNote;
        await WriteAsync(Posts.Of(device.ExternalId, Posts.Start.AddDays(5), Quantities.FrequencyHz, 50));
        Assert.DoesNotContain((await session.Outbox.TakeAsync(false, 100, last, default)).NoteIds, id => id > last);

        async Task<int> DayAsync(bool oldest)
        {
            var round = await session.Outbox.TakeAsync(oldest, 1, long.MaxValue, default);
            return (int)(new DateTimeOffset(Assert.Single(round.Ranges).First, default) - Posts.Start).TotalDays;
        }
    }

    public async Task Only_the_notes_that_were_read_are_deleted_and_merging_makes_others_of_them()
    {
        await using var session = await outbox.OnAsync();
        await AcknowledgeAllAsync(session);
        var device = await database.DeviceAsync();
        for (var i = 0; i < 5; i++)
        {
            await WriteAsync(Posts.Minutes(device.ExternalId, Evening.AddMinutes(2 * i), 2));
        }

        var read = await session.Outbox.TakeAsync(false, 100, long.MaxValue, default);
        await WriteAsync(Posts.Of(device.ExternalId, Evening, Quantities.FrequencyHz, 50));
        Assert.Null(await session.Outbox.MergeAsync(99_999, 0, default));
        Assert.Null(await session.Outbox.MergeAsync(150_000, 80_000, default));
        Assert.Equal(2, await session.Outbox.MergeAsync(100_000, 0, default));
        await session.Outbox.AcknowledgeAsync(read.NoteIds, default);

        Assert.Equal(["11-10 23:55:00 … 11-10 23:59:00 (6)", "11-11 00:00:00 … 11-11 00:04:00 (5)"], await outbox.NotesAsync(device));
        var backlog = await session.Journal.BacklogAsync(default);
        Assert.Equal((2, 11), (backlog.Notes, backlog.Rows));
        Assert.True(backlog.Waiting > TimeSpan.Zero);
        await session.Outbox.AcknowledgeAsync((await session.Outbox.TakeAsync(true, 100, long.MaxValue, default)).NoteIds, default);
        Assert.Empty(await outbox.NotesAsync(device));
    }

    public async Task The_ledger_hashes_days_that_are_over_and_have_nothing_to_be_pushed()
    {
        await outbox.OffAsync();
        var device = await database.DeviceAsync();
        await using var session = await outbox.OnAsync();
        await AcknowledgeAllAsync(session);
        await outbox.ForgetLedgerAsync(); // other tests' days
        var (day, today) = (new DateOnly(2026, 11, 10), new DateOnly(2026, 11, 11));
        await WriteAsync(Posts.Minutes(device.ExternalId, Evening, 10)); // five of them today

        // Pending: its notes are still there.
        Assert.False(await session.Ledger.HashAsync(today, default));
        Assert.Null(await session.Ledger.NextAsync(today, default));
        Assert.Null(Assert.Single(await session.Ledger.ReadAsync(day, today, default)).Content);

        await AcknowledgeAllAsync(session);
        Assert.Null(Assert.Single(await session.Ledger.ReadAsync(day, today, default)).Content); // not hashed yet
        Assert.True(await session.Ledger.HashAsync(today, default));
        Assert.False(await session.Ledger.HashAsync(today, default));
        var entry = Assert.Single(await session.Ledger.ReadAsync(day, today, default));
        Assert.Equal((device.ExternalId, day, 5), (entry.ExternalId, entry.Day, entry.Content!.Rows));
        Assert.Equal((Evening.UtcDateTime, Evening.UtcDateTime.AddMinutes(4)), (entry.Content.First, entry.Content.Last));
        Assert.Equal(day, await session.Ledger.NextAsync(today, default));
        Assert.Equal([new LedgerDaySize(day, 1, 5)], await session.Ledger.SizesAsync(today, default));

        // Proven, until another column of it is filled.
        await session.Ledger.ComparedAsync([entry], [false], database.Now, default);
        Assert.Null(await session.Ledger.NextAsync(today, default));
        Assert.Equal(new LedgerState(1, 0, 1, database.Now), (await new PushReport(database.DataSource).ReadAsync(default))!.Ledger); // pending: today's
        await WriteAsync(Posts.Of(device.ExternalId, Evening, Quantities.FrequencyHz, 50));
        Assert.Null(Assert.Single(await session.Ledger.ReadAsync(day, today, default)).Content);
        await AcknowledgeAllAsync(session);
        Assert.True(await session.Ledger.HashAsync(today, default));
        var filled = Assert.Single(await session.Ledger.ReadAsync(day, today, default));
        Assert.NotEqual(Convert.ToHexString(entry.Content.Hash), Convert.ToHexString(filled.Content!.Hash));

        // Whoever compared the day as it was before says nothing of how it is.
        await session.Ledger.ComparedAsync([entry], [false], database.Now, default);
        Assert.Equal(day, await session.Ledger.NextAsync(today, default));
    }

    public async Task A_day_that_differs_is_mended_twice_at_most_until_all_days_are_compared_again()
    {
        await outbox.OffAsync();
        var device = await database.DeviceAsync();
        await using var session = await outbox.OnAsync();
        await WriteAsync(Posts.Minutes(device.ExternalId, Evening, 5));
        await AcknowledgeAllAsync(session);
        var (day, today) = (new DateOnly(2026, 11, 10), new DateOnly(2026, 11, 11));
        Assert.True(await session.Ledger.HashAsync(today, default));
        var entry = Assert.Single(await session.Ledger.ReadAsync(day, today, default), one => one.DeviceId == device.Id);
        await session.Ledger.ComparedAsync([entry], [true], database.Now, default);

        Assert.True(await session.Ledger.MendAsync(entry, note: true, default));
        Assert.Equal(["11-10 23:55:00 … 11-10 23:59:00 (5)"], await outbox.NotesAsync(device));
        await AcknowledgeAllAsync(session);
        Assert.True(await session.Ledger.MendAsync(entry, note: false, default));
        Assert.False(await session.Ledger.MendAsync(entry, note: true, default));
        Assert.Empty(await outbox.NotesAsync(device));

        await session.Ledger.BeginWholeAsync(default);
        Assert.True(await session.Ledger.MendAsync(entry, note: false, default));
    }

    public async Task What_the_push_writes_down_is_what_everybody_reads()
    {
        await outbox.OffAsync();
        await using var session = await outbox.OnAsync();
        await AcknowledgeAllAsync(session);
        var report = new PushReport(database.DataSource);
        await database.ExecuteAsync(
            """
            INSERT INTO portal."Backups" ("StartedAt", "EndedAt", "Ok") VALUES (now(), '2026-11-20T01:00Z', true), (now(), '2026-11-21T01:00Z', false)
            """
        );

        await session.Journal.FailedAsync(database.Now, "Away.", paused: true, default);
        await session.Journal.RefusedAsync(new PushRefusal(Guid.NewGuid(), "measurements", 422, 10, "No."), default);
        await session.Journal.RefusedAsync(new PushRefusal(Guid.NewGuid(), "measurements", 200, 3, "Some."), default);
        await session.Journal.SucceededAsync(database.Now, isWell: false, default);
        Assert.Equal(new PushState(database.Now, null, 0, true, "Away.", database.Now, 1, 3, null), await report.ReadAsync(default));
        Assert.Equal(new DateTimeOffset(2026, 11, 20, 1, 0, 0, default), (await session.Journal.BacklogAsync(default)).LastBackupAt);

        await session.Journal.SucceededAsync(database.Now.AddMinutes(1), isWell: true, default);
        Assert.Equal(new PushState(database.Now.AddMinutes(1), null, 0, false, null, null, 1, 3, null), await report.ReadAsync(default));

        await outbox.OffAsync();
        Assert.Null(await report.ReadAsync(default));
    }

    private async Task WriteAsync(MeasurementBatch batch) => await database.Writer.WriteAsync(batch, default);

    private Task<bool> DeleteAsync(Device device) => database.Admission.DeleteAsync(device.Id, database.Audit("device.deleted"), default);

    private static async Task AcknowledgeAllAsync(PushSession session)
    {
        while (await session.Outbox.TakeAsync(false, 10_000, long.MaxValue, default) is { NoteIds.Length: > 0 } round)
        {
            await session.Outbox.AcknowledgeAsync(round.NoteIds, default);
        }
    }

    private static async Task AcknowledgeTombstonesAsync(PushSession session) =>
        await session.Catalogue.AcknowledgeAsync(await session.Catalogue.TombstonesAsync(100, default), default);
}
