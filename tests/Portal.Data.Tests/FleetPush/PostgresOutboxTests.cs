using Npgsql;
using Portal.Data.FleetPush;
using Portal.Data.Tests.Measurements;
using Portal.Domain.Measurements;
using Portal.Testing;
using Portal.TimeSeries;

namespace Portal.Data.Tests.FleetPush;

/// <summary>On plain PostgreSQL, and what needs more than one session.</summary>
public sealed class PostgresOutboxTests(WriterDatabase database) : IClassFixture<WriterDatabase>
{
    private readonly OutboxScenarios scenarios = new(database);

    [PostgresFact]
    public Task Stored_and_filled_rows_are_noted_by_device_and_day_and_nothing_else_is() => scenarios.Stored_and_filled_rows_are_noted_by_device_and_day_and_nothing_else_is();

    [PostgresFact]
    public Task Switching_on_notes_all_that_is_stored_and_switching_off_clears() => scenarios.Switching_on_notes_all_that_is_stored_and_switching_off_clears();

    [PostgresFact]
    public Task A_switch_on_that_breaks_off_is_finished_by_the_next() => scenarios.A_switch_on_that_breaks_off_is_finished_by_the_next();

    [PostgresFact]
    public Task A_deleted_device_takes_its_notes_along_and_leaves_a_tombstone() => scenarios.A_deleted_device_takes_its_notes_along_and_leaves_a_tombstone();

    [PostgresFact]
    public Task A_deletion_while_an_older_one_is_pushed_is_another_one() => scenarios.A_deletion_while_an_older_one_is_pushed_is_another_one();

    [PostgresFact]
    public Task A_device_with_another_serial_is_a_deletion_and_all_its_rows_anew() => scenarios.A_device_with_another_serial_is_a_deletion_and_all_its_rows_anew();

    [PostgresFact]
    public Task Rows_that_are_admitted_from_the_quarantine_are_noted() => scenarios.Rows_that_are_admitted_from_the_quarantine_are_noted();

    [PostgresFact]
    public Task Rows_are_read_in_batches_with_their_very_values() => scenarios.Rows_are_read_in_batches_with_their_very_values();

    [PostgresFact]
    public Task Newest_rows_come_first_and_by_turns_the_oldest_notes() => scenarios.Newest_rows_come_first_and_by_turns_the_oldest_notes();

    [PostgresFact]
    public Task Only_the_notes_that_were_read_are_deleted_and_merging_makes_others_of_them() => scenarios.Only_the_notes_that_were_read_are_deleted_and_merging_makes_others_of_them();

    [PostgresFact]
    public Task What_the_push_writes_down_is_what_everybody_reads() => scenarios.What_the_push_writes_down_is_what_everybody_reads();

    [PostgresFact]
    public Task The_ledger_hashes_days_that_are_over_and_have_nothing_to_be_pushed() =>
        scenarios.The_ledger_hashes_days_that_are_over_and_have_nothing_to_be_pushed();

    [PostgresFact]
    public Task A_day_that_differs_is_mended_twice_at_most_until_all_days_are_compared_again() =>
        scenarios.A_day_that_differs_is_mended_twice_at_most_until_all_days_are_compared_again();

    [PostgresFact]
    public async Task Rows_that_are_written_while_the_push_is_switched_on_are_all_noted()
    {
        var outbox = new OutboxDatabase(database);
        await outbox.OffAsync();
        var devices = new List<Device>();
        for (var i = 0; i < 3; i++)
        {
            devices.Add(await database.DeviceAsync());
        }

        using var enough = new CancellationTokenSource();
        var written = 0;
        var writers = devices.Select(device => Task.Run(() => WriteAsync(device, enough.Token))).ToArray();
        await PortalHost.EventuallyAsync(() => Task.FromResult(Volatile.Read(ref written) > 50), "rows are written");
        await using var session = await outbox.OnAsync();
        var atOn = Volatile.Read(ref written);
        await PortalHost.EventuallyAsync(() => Task.FromResult(Volatile.Read(ref written) > atOn + 50), "more rows are written");
        await enough.CancelAsync();
        await Task.WhenAll(writers);

        Assert.Equal(0, await outbox.UnnotedAsync());

        async Task WriteAsync(Device device, CancellationToken stop)
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                await database.Writer.WriteAsync(Posts.Of(device.ExternalId, Posts.Start.AddMinutes(7 * i), Quantities.FrequencyHz, 50), default);
                Interlocked.Increment(ref written);
            }
        }
    }

    [PostgresFact]
    public async Task One_session_leads_until_it_is_given_back_or_lost()
    {
        var first = await PushSession.TryLeadAsync(database.DataSource, default);
        Assert.NotNull(first);
        Assert.Null(await PushSession.TryLeadAsync(database.DataSource, default));

        await first.DisposeAsync();
        await using var second = await PushSession.TryLeadAsync(database.DataSource, default);
        Assert.NotNull(second);
        await database.ExecuteAsync(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND granted"
        );
        await Assert.ThrowsAsync<StoreUnavailableException>(() => second.SwitchOnAsync(default));
        await PortalHost.EventuallyAsync(LeadsAsync, "the lead is free");

        async Task<bool> LeadsAsync()
        {
            await using var third = await PushSession.TryLeadAsync(database.DataSource, default);
            return third is not null;
        }
    }

    [PostgresFact]
    public async Task A_database_without_the_schema_is_one_that_is_away()
    {
        await using var empty = NpgsqlDataSource.Create(await PostgresServer.CreateDatabaseAsync("push_empty"));

        await Assert.ThrowsAsync<StoreUnavailableException>(() => PushSwitch.OffAsync(empty, default));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => new PushReport(empty).ReadAsync(default));
        await using var session = await PushSession.TryLeadAsync(empty, default);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => session!.SwitchOnAsync(default));
    }
}
