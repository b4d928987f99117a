using System.Net.Http.Json;
using Portal.Contracts.Fleet;
using Portal.Testing;

namespace Fleet.Aggregator.Tests.Silences;

public sealed class SilenceTests(SilenceApp app) : IClassFixture<SilenceApp>
{
    [PostgresFact]
    public async Task A_device_is_silent_after_ten_minutes_at_least_and_heard_again_with_its_next_measurement()
    {
        using var stack = await app.RegisterAsync();
        await stack.PushDevicesAsync("A", "B");
        await app.LiveAsync(stack, 10, ("A", 1), ("B", 1));

        await app.LiveAsync(stack, 10, ("B", 1));
        Assert.Empty(await app.SilencesAsync(stack));
        await app.LiveAsync(stack, 1, ("B", 1));
        Assert.Equal(["devices open 1 A"], await app.SilencesAsync(stack));
        await app.LiveAsync(stack, 30, ("B", 1));
        Assert.Equal(["devices open 1 A"], await app.SilencesAsync(stack));

        await app.LiveAsync(stack, 1, ("A", 1), ("B", 1));
        Assert.Equal(["devices ended 1 A"], await app.SilencesAsync(stack));
    }

    [PostgresFact]
    public async Task A_slow_device_is_given_three_of_its_cadences()
    {
        using var stack = await app.RegisterAsync();
        await stack.PushDevicesAsync("SLOW");
        await app.LiveAsync(stack, 15 * 8, ("SLOW", 15));
        await app.LiveAsync(stack, 15 - (app.Clock.GetUtcNow().Minute % 15), ("SLOW", 15)); // up to one of its posts
        Assert.Equal(900, await app.CadenceAsync(stack, "SLOW"));

        await app.LiveAsync(stack, 45);
        Assert.Empty(await app.SilencesAsync(stack));
        await app.LiveAsync(stack, 1);
        Assert.Equal(["devices open 1 SLOW"], await app.SilencesAsync(stack));
    }

    [PostgresFact]
    public async Task A_device_whose_cadence_is_not_known_yet_is_never_called_silent()
    {
        using var stack = await app.RegisterAsync();
        await stack.PushDevicesAsync("NEW", "NEVER");
        await app.LiveAsync(stack, 4, ("NEW", 1));

        await app.LiveAsync(stack, 60);

        Assert.Empty(await app.SilencesAsync(stack));
    }

    [PostgresFact]
    public async Task Many_devices_that_stop_together_are_one_event_however_different_their_paces()
    {
        using var stack = await app.RegisterAsync();
        var serials = Enumerable.Range(0, 40).Select(i => $"D{i:00}").ToArray();
        await stack.PushDevicesAsync([.. serials, "SLOW", "FINE"]);
        var paces = serials.Select(serial => (serial, 1)).Append(("SLOW", 10)).Append(("FINE", 1)).ToArray();
        await app.LiveAsync(stack, 70, paces);

        await app.LiveAsync(stack, 60, ("FINE", 1));

        Assert.Equal(["devices open 41 D00,D01,D02,D03,D04"], await app.SilencesAsync(stack));
        await app.LiveAsync(stack, 2, [.. serials.Select(serial => (serial, 1)), ("FINE", 1)]);
        Assert.Equal(["devices open 41 D00,D01,D02,D03,D04"], await app.SilencesAsync(stack)); // one of them is not back yet
        await app.LiveAsync(stack, 10, paces);
        Assert.Equal(["devices ended 41 D00,D01,D02,D03,D04"], await app.SilencesAsync(stack));
    }

    [PostgresFact]
    public async Task Devices_that_stop_an_hour_apart_are_two_events()
    {
        using var stack = await app.RegisterAsync();
        await stack.PushDevicesAsync("A", "B", "C");
        await app.LiveAsync(stack, 10, ("A", 1), ("B", 1), ("C", 1));

        await app.LiveAsync(stack, 60, ("B", 1), ("C", 1));
        await app.LiveAsync(stack, 30, ("C", 1));

        Assert.Equal(["devices open 1 A", "devices open 1 B"], await app.SilencesAsync(stack));
        await app.LiveAsync(stack, 1, ("A", 1), ("C", 1));
        Assert.Equal(["devices ended 1 A", "devices open 1 B"], await app.SilencesAsync(stack));
    }

    [PostgresFact]
    public async Task A_stack_that_pushes_nothing_is_one_event_and_its_devices_are_not_called_silent()
    {
        using var stack = await app.RegisterAsync();
        using var other = await app.RegisterAsync();
        await stack.PushDevicesAsync("A", "B", "C");
        await app.LiveAsync(stack, 10, ("A", 1), ("B", 1), ("C", 1));

        await app.LiveAsync(other, 5);
        Assert.Empty(await app.SilencesAsync(stack));
        await app.LiveAsync(other, 60);
        Assert.Equal(["stack open 3"], await app.SilencesAsync(stack));
        Assert.Empty(await app.SilencesAsync(other));

        // It comes back: its devices have their time to be heard, from then on.
        await app.LiveAsync(stack, 10);
        Assert.Equal(["stack ended 3"], await app.SilencesAsync(stack));
        await app.LiveAsync(stack, 3, ("A", 1), ("B", 1));
        Assert.Equal(["stack ended 3", "devices open 1 C"], await app.SilencesAsync(stack));
    }

    [PostgresFact]
    public async Task A_stack_with_a_slow_heartbeat_is_given_three_of_them()
    {
        using var stack = await app.RegisterAsync();
        for (var i = 0; i < 6; i++)
        {
            await stack.BeatAsync();
            app.Clock.Advance(TimeSpan.FromMinutes(10));
        }

        app.Clock.Advance(TimeSpan.FromMinutes(20));
        await app.PassAsync();
        Assert.Empty(await app.SilencesAsync(stack));
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        await app.PassAsync();
        Assert.Equal(["stack open 0"], await app.SilencesAsync(stack));
    }

    [PostgresFact]
    public async Task A_customer_that_is_switched_off_has_no_silences_and_is_given_time_when_switched_on()
    {
        using var operators = app.As("Admin");
        using var stack = await app.RegisterAsync();
        await stack.PushDevicesAsync("A", "B");
        await app.LiveAsync(stack, 10, ("A", 1), ("B", 1));
        await app.LiveAsync(stack, 15, ("B", 1));
        Assert.Equal(["devices open 1 A"], await app.SilencesAsync(stack));

        await operators.PutAsJsonAsync($"/api/fleet/customers/{stack.Id}", new { code = stack.Code, name = "x", active = false });
        app.Clock.Advance(TimeSpan.FromDays(1));
        await app.PassAsync();
        Assert.Equal(["devices ended 1 A"], await app.SilencesAsync(stack));
        await operators.PutAsJsonAsync($"/api/fleet/customers/{stack.Id}", new { code = stack.Code, name = "x", active = true });
        app.Clock.Advance(TimeSpan.FromMinutes(5));
        await app.PassAsync();
        Assert.Single(await app.SilencesAsync(stack));
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        await app.PassAsync();
        Assert.Equal(["devices ended 1 A", "stack open 2"], await app.SilencesAsync(stack));
    }

    [PostgresFact]
    public async Task What_the_fleet_could_not_hear_is_nobodys_silence()
    {
        using var stack = await app.RegisterAsync();
        await stack.PushDevicesAsync("A");
        await app.LiveAsync(stack, 10, ("A", 1));
        app.Clock.Advance(TimeSpan.FromHours(8));
        var since = app.WatchingSince;
        app.WatchingSince = app.Clock.GetUtcNow(); // the aggregator was away all that time
        try
        {
            await app.PassAsync();
            await app.LiveAsync(stack, 8);
            Assert.Empty(await app.SilencesAsync(stack));
            await app.LiveAsync(stack, 3);
            Assert.Equal(["devices open 1 A"], await app.SilencesAsync(stack));
        }
        finally
        {
            app.WatchingSince = since;
        }
    }

    [PostgresFact]
    public async Task Older_rows_of_a_replay_wave_do_not_end_a_silence_and_a_meters_wrong_clock_begins_none()
    {
        using var stack = await app.RegisterAsync();
        await stack.PushDevicesAsync("A", "WRONG");
        for (var minute = 0; minute < 30; minute++)
        {
            app.Clock.Advance(TimeSpan.FromMinutes(1));
            await stack.BeatAsync();
            await SilenceApp.MeasureAsync(stack, app.Clock.GetUtcNow().AddHours(-5), "WRONG");
            if (minute < 10)
            {
                await app.MeasureAsync(stack, "A");
            }

            await app.PassAsync();
        }

        Assert.Equal(["devices open 1 A"], await app.SilencesAsync(stack));
        await SilenceApp.MeasureAsync(stack, app.Clock.GetUtcNow().AddDays(-1), "A");
        await app.PassAsync();
        Assert.Equal(["devices open 1 A"], await app.SilencesAsync(stack));
    }

    [PostgresFact]
    public async Task A_silent_device_that_is_deleted_ends_its_silence_and_is_not_silent_when_it_is_made_again()
    {
        using var stack = await app.RegisterAsync();
        await stack.PushDevicesAsync("A");
        await app.LiveAsync(stack, 10, ("A", 1));
        await app.LiveAsync(stack, 12);
        Assert.Equal(["devices open 1 A"], await app.SilencesAsync(stack));

        await stack.PushAsync("devices", """[{"externalId":"A","deleted":true}]""");
        await stack.PushDevicesAsync("A");
        await app.LiveAsync(stack, 30);

        Assert.Equal(["devices ended 1 A"], await app.SilencesAsync(stack));
    }

    [PostgresFact]
    public async Task Of_two_aggregators_one_looks()
    {
        await using var connection = await app.Database.OpenConnectionAsync();
        await using var lead = new Npgsql.NpgsqlCommand($"SELECT pg_advisory_lock({Fleet.Aggregator.Measurements.FleetLocks.Silences})", connection);
        await lead.ExecuteNonQueryAsync();
        Assert.Null(await app.PassAsync());
        lead.CommandText = $"SELECT pg_advisory_unlock({Fleet.Aggregator.Measurements.FleetLocks.Silences})";
        await lead.ExecuteNonQueryAsync();
        Assert.NotNull(await app.PassAsync());
    }

    [PostgresFact]
    public async Task Operators_see_silences_and_silent_devices_with_their_customer()
    {
        using var operators = app.As("Admin");
        using var stack = await app.RegisterAsync();
        await stack.PushDevicesAsync("B", "A");
        await app.LiveAsync(stack, 10, ("A", 1), ("B", 1));
        await app.LiveAsync(stack, 12, ("A", 1));

        var detail = await operators.GetFromJsonAsync<CustomerDetail>($"/api/fleet/customers/{stack.Id}/detail");

        Assert.Equal((2, 1), (detail!.Customer.Devices, detail.Customer.SilentDevices));
        Assert.Equal(["B True", "A False"], detail.Devices.Select(device => $"{device.ExternalId} {device.Silent}"));
        Assert.InRange(detail.Devices[0].CadenceSeconds!.Value, 59, 61);
        var silence = Assert.Single(detail.Silences);
        Assert.Equal(("devices", null, 1), (silence.Kind, silence.EndedAt, silence.Devices));
        Assert.Equal(["B"], silence.Examples);
        Assert.Equal(app.Clock.GetUtcNow().AddMinutes(-12), silence.StartedAt);
    }
}
