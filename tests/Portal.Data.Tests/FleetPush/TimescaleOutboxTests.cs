using Portal.Data.Tests.Measurements;
using Portal.Testing;

namespace Portal.Data.Tests.FleetPush;

/// <summary>On TimescaleDB.</summary>
public sealed class TimescaleOutboxTests(TimescaleWriterDatabase database) : IClassFixture<TimescaleWriterDatabase>
{
    private readonly OutboxScenarios scenarios = new(database);

    [TimescaleFact]
    public Task Stored_and_filled_rows_are_noted_by_device_and_day_and_nothing_else_is() => scenarios.Stored_and_filled_rows_are_noted_by_device_and_day_and_nothing_else_is();

    [TimescaleFact]
    public Task Switching_on_notes_all_that_is_stored_and_switching_off_clears() => scenarios.Switching_on_notes_all_that_is_stored_and_switching_off_clears();

    [TimescaleFact]
    public Task A_switch_on_that_breaks_off_is_finished_by_the_next() => scenarios.A_switch_on_that_breaks_off_is_finished_by_the_next();

    [TimescaleFact]
    public Task A_deleted_device_takes_its_notes_along_and_leaves_a_tombstone() => scenarios.A_deleted_device_takes_its_notes_along_and_leaves_a_tombstone();

    [TimescaleFact]
    public Task A_deletion_while_an_older_one_is_pushed_is_another_one() => scenarios.A_deletion_while_an_older_one_is_pushed_is_another_one();

    [TimescaleFact]
    public Task A_device_with_another_serial_is_a_deletion_and_all_its_rows_anew() => scenarios.A_device_with_another_serial_is_a_deletion_and_all_its_rows_anew();

    [TimescaleFact]
    public Task Rows_that_are_admitted_from_the_quarantine_are_noted() => scenarios.Rows_that_are_admitted_from_the_quarantine_are_noted();

    [TimescaleFact]
    public Task Rows_are_read_in_batches_with_their_very_values() => scenarios.Rows_are_read_in_batches_with_their_very_values();

    [TimescaleFact]
    public Task Newest_rows_come_first_and_by_turns_the_oldest_notes() => scenarios.Newest_rows_come_first_and_by_turns_the_oldest_notes();

    [TimescaleFact]
    public Task Only_the_notes_that_were_read_are_deleted_and_merging_makes_others_of_them() => scenarios.Only_the_notes_that_were_read_are_deleted_and_merging_makes_others_of_them();

    [TimescaleFact]
    public Task What_the_push_writes_down_is_what_everybody_reads() => scenarios.What_the_push_writes_down_is_what_everybody_reads();

    [TimescaleFact]
    public Task The_ledger_hashes_days_that_are_over_and_have_nothing_to_be_pushed() =>
        scenarios.The_ledger_hashes_days_that_are_over_and_have_nothing_to_be_pushed();

    [TimescaleFact]
    public Task A_day_that_differs_is_mended_twice_at_most_until_all_days_are_compared_again() =>
        scenarios.A_day_that_differs_is_mended_twice_at_most_until_all_days_are_compared_again();
}
