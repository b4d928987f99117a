using Portal.Data;
using Portal.Data.FleetPush;
using Portal.Testing;

namespace Portal.Ingest.Tests.FleetPush;

/// <summary>The stack's side of the delivery ledger: both sides end with the same rows, whichever of them has lost what.</summary>
public sealed class LedgerTests
{
    private static readonly DateTimeOffset Day = new(TimeProvider.System.GetUtcNow().UtcDateTime.Date.AddDays(-3), TimeSpan.Zero);

    [PostgresFact]
    public async Task Days_that_are_over_are_proven_and_todays_are_pending()
    {
        await using var stack = await PushStack.StartAsync();
        await stack.DeviceAsync(await stack.SiteAsync(), "A");
        await stack.PostAsync("A", Day.AddHours(23.5), 60); // two days
        await stack.PostAsync("A", Today, 1);

        await SettleAsync(stack, new(2, 0, 1, default));
        await stack.AssertSameAsync();

        // Late rows: unproven until they are compared too.
        await stack.PostAsync("A", Day.AddHours(2), 5);
        await stack.PostAsync("A", Day.AddDays(-40), 5);
        await SettleAsync(stack, new(3, 0, 1, default));
        Assert.All(stack.Fleet.Ledgers, request => Assert.True(request.To <= DateOnly.FromDateTime(Today.UtcDateTime).AddDays(1)));
    }

    [PostgresFact]
    public async Task What_the_fleet_has_lost_is_pushed_again_once_it_is_back()
    {
        await using var stack = await PushStack.StartAsync();
        await stack.DeviceAsync(await stack.SiteAsync(), "A");
        await stack.PostAsync("A", Day, 20);
        await stack.PostAsync("A", Day.AddDays(1), 20);
        await SettleAsync(stack, new(2, 0, 0, default));

        // A day, half of another one, and a value: as if it had been restored from an older backup.
        stack.Fleet.Lose(row => row.Time < Day.AddDays(1) || row.Time > Day.AddDays(1).AddMinutes(9));
        stack.Fleet.Spoil("A", Day.AddDays(1).AddMinutes(3), "energyImportKwh", 1.5);
        stack.Fleet.Fail(503, batchType: "heartbeat"); // last: the stack compares once it is over

        await stack.AssertSameAsync();
        await SettleAsync(stack, new(2, 0, 0, default));
    }

    [PostgresFact]
    public async Task Todays_rows_that_either_side_has_lost_come_back_and_are_compared_again_at_once()
    {
        await using var stack = await PushStack.StartAsync();
        await stack.DeviceAsync(await stack.SiteAsync(), "A");
        await stack.PostAsync("A", Today, 3);
        await stack.AssertSameAsync();

        stack.Fleet.Lose(row => row.Time == Today.AddMinutes(1));
        stack.Fleet.Fail(503, batchType: "heartbeat");
        await stack.AssertSameAsync();
        await SettleAsync(stack, new(1, 0, 0, default));

        await stack.Host.DisposeAsync();
        await stack.ForgetAsync("""DELETE FROM monitoring."PowerMeasurements"; DELETE FROM monitoring."LedgerDays" """, Today);
        stack.Host = await stack.StartHostAsync();
        await stack.AssertSameAsync();
        await SettleAsync(stack, new(1, 0, 0, default));
        Assert.Equal(3, stack.Fleet.Rows().Count);
    }

    [PostgresFact]
    public async Task What_the_stack_has_lost_comes_back_and_its_own_values_stay()
    {
        await using var stack = await PushStack.StartAsync();
        var site = await stack.SiteAsync();
        await stack.DeviceAsync(site, "A");
        await stack.DeviceAsync(await stack.SiteAsync(), "B");
        await stack.PostAsync("A", Day, 20, ",\"activePowerKw\":5.25,\"loadType\":\"L\"");
        await stack.PostAsync("A", Day.AddDays(1), 20);
        await stack.PostAsync("B", Day, 20);
        await SettleAsync(stack, new(3, 0, 0, default));
        await stack.AssertSameAsync();
        var before = stack.Fleet.Rows();

        // An older backup: without B and its site, without a day of A, without a column. A row was posted with another value since.
        await stack.Host.DisposeAsync();
        await stack.ForgetAsync(
            """
            DELETE FROM monitoring."PowerMeasurements" WHERE "DeviceId" = (SELECT "Id" FROM monitoring."Devices" WHERE "ExternalId" = 'B') OR "Time" < $1;
            DELETE FROM monitoring."LedgerDays" WHERE "DeviceId" = (SELECT "Id" FROM monitoring."Devices" WHERE "ExternalId" = 'B') OR "Day" < ($1 AT TIME ZONE 'UTC')::date;
            DELETE FROM monitoring."Devices" WHERE "ExternalId" = 'B';
            DELETE FROM monitoring."Sites" AS s WHERE NOT EXISTS (SELECT FROM monitoring."Devices" AS d WHERE d."SiteId" = s."Id")
            """,
            Day.AddDays(1)
        );
        stack.Fleet.LedgerStatus = 503; // so that the meter is first
        stack.Host = await stack.StartHostAsync();
        await stack.PostAsync("A", Day.AddMinutes(7), 1, ",\"activePowerKw\":6.5");
        stack.Fleet.LedgerStatus = null;

        await SettleAsync(stack, new(3, 0, 0, default));
        await stack.AssertSameAsync();
        var after = stack.Fleet.Rows();
        Assert.Equal(before.Keys.Order(), after.Keys.Order());
        Assert.Equal("0.7", after[("A", Day.AddMinutes(7))]["energyImportKwh"].GetRawText()); // the stack's own
        Assert.Equal("6.5", after[("A", Day.AddMinutes(7))]["activePowerKw"].GetRawText());
        Assert.Equal("5.25", after[("A", Day.AddMinutes(8))]["activePowerKw"].GetRawText());
        Assert.Equal(2, await stack.Host.Catalogue.ScalarAsync<long>("""SELECT count(*) FROM monitoring."Sites" """));
    }

    [PostgresFact]
    public async Task A_device_that_was_deleted_here_does_not_come_back_from_a_fleet_that_forgot_its_deletion()
    {
        await using var stack = await PushStack.StartAsync();
        var device = await stack.DeviceAsync(await stack.SiteAsync(), "A");
        await stack.PostAsync("A", Day, 20);
        await SettleAsync(stack, new(1, 0, 0, default));
        var (rows, catalogue) = (stack.Fleet.Rows(), stack.Fleet.Catalogue["A"]);
        await stack.DeleteAsync(device);
        await UntilAsync(() => Task.FromResult(stack.Fleet.Rows().Count == 0), "the deletion is pushed");

        stack.Fleet.Restore(catalogue, rows);
        stack.Fleet.Fail(503, batchType: "heartbeat");
        await UntilAsync(() => Task.FromResult(stack.Fleet.Rows().Count == 0), "the deletion is pushed again");
        Assert.Equal(0, await stack.Host.Catalogue.ScalarAsync<long>("""SELECT count(*) FROM monitoring."Devices" """));
    }

    [PostgresFact]
    public async Task A_fleet_that_can_not_compare_keeps_nothing_from_being_pushed()
    {
        await using var stack = await PushStack.StartAsync();
        stack.Fleet.LedgerStatus = 500;
        await stack.DeviceAsync(await stack.SiteAsync(), "A");
        await stack.PostAsync("A", Day, 20);
        await stack.AssertSameAsync();
        await stack.PostAsync("A", Day.AddDays(1), 20);
        await stack.AssertSameAsync();
        Assert.Null((await stack.StateAsync())!.LastError);

        stack.Fleet.LedgerStatus = null;
        await SettleAsync(stack, new(2, 0, 0, default));
    }

    [PostgresFact]
    public async Task What_was_set_aside_is_pushed_again_but_not_for_ever()
    {
        await using var stack = await PushStack.StartAsync();
        await stack.DeviceAsync(await stack.SiteAsync(), "A");
        stack.Fleet.Fail(422, 1, "measurements");
        await stack.PostAsync("A", Day, 20);
        await SettleAsync(stack, new(1, 0, 0, default));
        await stack.AssertSameAsync();

        stack.Fleet.Fail(422, int.MaxValue, "measurements");
        await stack.PostAsync("A", Day.AddDays(1), 20);
        await UntilAsync(async () => (await stack.StateAsync())!.SetAside == 1 + 3, "it is set aside, and mended twice in vain", stack);
        var beats = Beats();
        await UntilAsync(() => Task.FromResult(Beats() >= beats + 3), "pushing goes on");
        Assert.Equal(1 + 3, (await stack.StateAsync())!.SetAside);
        await SettleAsync(stack, new(1, 1, 0, default));

        int Beats() => stack.Fleet.Batches.Count(batch => batch.BatchType == "heartbeat");
    }

    private static DateTimeOffset Today => new(TimeProvider.System.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero);

    private static Task SettleAsync(PushStack stack, LedgerState expected) =>
        UntilAsync(async () => (await stack.StateAsync())?.Ledger is { } ledger && ledger with { At = default } == expected, $"the ledger says {expected}", stack);

    private static async Task UntilAsync(Func<Task<bool>> condition, string what, PushStack? stack = null)
    {
        for (var started = TimeProvider.System.GetTimestamp(); !await condition(); )
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(60), $"Not in a minute: {what}. {(stack is null ? null : await stack.StateAsync())}");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
    }
}
