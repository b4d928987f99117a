using Portal.Testing;

namespace Fleet.Aggregator.Tests.Silences;

public sealed class CadenceTests(SilenceApp app) : IClassFixture<SilenceApp>
{
    [PostgresFact]
    public async Task A_cadence_is_learned_from_how_the_newest_measurement_moves_on()
    {
        using var stack = await app.RegisterAsync();
        await stack.PushDevicesAsync("A", "B");

        await app.LiveAsync(stack, 31, ("A", 1), ("B", 5));

        Assert.Equal((60, 300), (await app.CadenceAsync(stack, "A"), await app.CadenceAsync(stack, "B")));
    }

    [PostgresFact]
    public async Task A_gap_hardly_moves_it_and_is_forgotten()
    {
        using var stack = await app.RegisterAsync();
        await stack.PushDevicesAsync("A");
        await app.LiveAsync(stack, 20, ("A", 1));

        app.Clock.Advance(TimeSpan.FromDays(3));
        await app.LiveAsync(stack, 1, ("A", 1));
        Assert.Equal(66, await app.CadenceAsync(stack, "A"));
        await app.LiveAsync(stack, 2, ("A", 1));
        Assert.Equal(60, await app.CadenceAsync(stack, "A"));
    }

    [PostgresFact]
    public async Task A_first_interval_that_was_a_gap_is_soon_forgotten()
    {
        using var stack = await app.RegisterAsync();
        await stack.PushDevicesAsync("A");
        await app.MeasureAsync(stack, "A");
        app.Clock.Advance(TimeSpan.FromDays(2));

        await app.LiveAsync(stack, 30, ("A", 1));

        Assert.Equal(60, await app.CadenceAsync(stack, "A"));
    }

    [PostgresFact]
    public async Task A_replay_wave_teaches_nothing_in_whatever_order_it_comes()
    {
        using var stack = await app.RegisterAsync();
        await stack.PushDevicesAsync("OLDEST", "NEWEST");
        await app.LiveAsync(stack, 20, ("OLDEST", 1), ("NEWEST", 1));
        var from = app.Clock.GetUtcNow();
        app.Clock.Advance(TimeSpan.FromDays(10));

        for (var day = 1; day <= 10; day++)
        {
            await SilenceApp.MeasureAsync(stack, from.AddDays(day), "OLDEST"); // moves on by a day each second
            await SilenceApp.MeasureAsync(stack, from.AddDays(11 - day), "NEWEST");
            app.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.InRange(await app.CadenceAsync(stack, "OLDEST"), 60, 66);
        Assert.InRange(await app.CadenceAsync(stack, "NEWEST"), 60, 66);
    }

    [PostgresFact]
    public async Task A_device_that_is_set_to_another_pace_is_followed()
    {
        using var stack = await app.RegisterAsync();
        await stack.PushDevicesAsync("A");
        await app.LiveAsync(stack, 20, ("A", 1));

        await app.LiveAsync(stack, 10 * 20, ("A", 10));
        Assert.InRange(await app.CadenceAsync(stack, "A"), 380, 600);
        await app.LiveAsync(stack, 10 * 6, ("A", 10));
        Assert.Equal(600, await app.CadenceAsync(stack, "A"));
    }

    [PostgresFact]
    public async Task Rows_older_than_the_newest_and_repeated_ones_teach_nothing()
    {
        using var stack = await app.RegisterAsync();
        await stack.PushDevicesAsync("A");
        await app.LiveAsync(stack, 20, ("A", 1));
        var newest = app.Clock.GetUtcNow();

        for (var i = 0; i < 10; i++)
        {
            app.Clock.Advance(TimeSpan.FromSeconds(7));
            await SilenceApp.MeasureAsync(stack, newest, "A");
            await SilenceApp.MeasureAsync(stack, newest.AddHours(-i), "A");
        }

        Assert.Equal(60, await app.CadenceAsync(stack, "A"));
        Assert.True(await app.ScalarAsync<bool>("""SELECT "AdvancedAt" = $2 FROM fleet."Devices" WHERE "CustomerId" = $1""", stack.Id, newest.UtcDateTime));
    }
}
