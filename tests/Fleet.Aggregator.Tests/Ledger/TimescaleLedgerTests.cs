using Fleet.Aggregator.Tests.Push;
using Portal.Testing;

namespace Fleet.Aggregator.Tests.Ledger;

public sealed class TimescaleLedgerTests(TimescaleApp app) : IClassFixture<TimescaleApp>
{
    private readonly LedgerScenarios scenarios = new(app);

    [TimescaleFact]
    public Task Days_that_both_sides_hold_alike_are_proven_until_a_measurement_comes() =>
        scenarios.Days_that_both_sides_hold_alike_are_proven_until_a_measurement_comes();

    [TimescaleFact]
    public Task What_differs_is_answered_with_what_the_fleet_holds_of_it() => scenarios.What_differs_is_answered_with_what_the_fleet_holds_of_it();

    [TimescaleFact]
    public Task A_stack_fetches_back_exactly_what_it_pushed() => scenarios.A_stack_fetches_back_exactly_what_it_pushed();

    [TimescaleFact]
    public Task A_deleted_device_and_a_deleted_customer_leave_nothing_in_the_ledger() => scenarios.A_deleted_device_and_a_deleted_customer_leave_nothing_in_the_ledger();
}
