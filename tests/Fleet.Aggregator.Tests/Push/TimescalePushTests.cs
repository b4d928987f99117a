using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using Fleet.Aggregator.Silences;
using Microsoft.Extensions.DependencyInjection;
using Portal.Contracts.Fleet;
using Portal.Testing;

namespace Fleet.Aggregator.Tests.Push;

public sealed class TimescaleApp : AggregatorApp
{
    private TimescaleDatabase? database;

    protected override IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string> { ["Database:TimeSeries"] = "timescale" };

    protected override async Task<string?> CreateDatabaseAsync()
    {
        if (TimescaleDatabase.MissingReason is not null)
        {
            return null;
        }

        database = await TimescaleDatabase.CreateAsync();
        return database.ConnectionString;
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        if (database is not null)
        {
            await database.DisposeAsync();
        }
    }
}

public sealed class TimescalePushTests(TimescaleApp app) : IClassFixture<TimescaleApp>
{
    [TimescaleFact]
    public async Task A_customers_life_on_a_hypertable_from_its_first_push_to_its_end()
    {
        using var operators = app.As("Admin");
        using var stack = await app.RegisterAsync();
        using var other = await app.RegisterAsync();
        await stack.PushAsync("sites", """[{"externalId":"S","name":"Plant","timeZone":"UTC"}]""");
        await stack.PushAsync("devices", """[{"externalId":"A","siteExternalId":"S","name":"Main"},{"externalId":"B","name":"Sub","role":"sub"}]""");
        await other.PushDevicesAsync("A");
        await stack.BeatAsync();
        var day = new DateTimeOffset(TimeProvider.System.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero);
        var id = Guid.CreateVersion7();

        // From the hour before midnight into the day's first one, whatever the hour is now.
        var first = await stack.PushAsync("measurements", $"[{Rows("A", day.AddMinutes(-60), 9, 1)},{Rows("B", day.AddMinutes(-60), 9, 1)},\"bad\"]", id);
        var again = await stack.PushAsync("measurements", $"[{Rows("A", day.AddMinutes(-60), 9, 1)}]", id);
        var repeated = await stack.PushAsync("measurements", $"[{Rows("A", day.AddMinutes(-60), 9, 1)}]");
        await other.PushAsync("measurements", $"[{Rows("A", day, 1, 50)}]");
        await stack.PushAsync("measurements", $$"""[{"externalId":"A","time":"{{day.AddMinutes(60):O}}","energyImportKwh":1009}]""", more: ",\"replace\":true");

        Assert.Equal((18, 0, 1), (first.Accepted, first.Duplicate, first.Rejected));
        Assert.Equivalent(first, again, strict: true);
        Assert.Equal((0, 9), (repeated.Accepted, repeated.Duplicate));
        var dashboard = (await operators.GetFromJsonAsync<FleetDashboard>("/api/fleet/dashboard"))!;
        var line = dashboard.Customers.Single(customer => customer.Id == stack.Id);
        Assert.Equal((2, 10L), (line.Devices, line.MeasurementsToday)); // five quarter hours of both since midnight
        Assert.Equal(5, line.EnergyTodayKwh, 6); // 4, and the replaced one is one more
        var detail = (await operators.GetFromJsonAsync<CustomerDetail>($"/api/fleet/customers/{stack.Id}/detail"))!;
        Assert.Equal((18, 1, 2), (detail.Measurements.Count, detail.Sites.Count, detail.Devices.Count));
        Assert.NotNull(await app.Services.GetRequiredService<SilencePass>().RunAsync(TimeProvider.System.GetUtcNow(), DateTimeOffset.MinValue, CancellationToken.None));

        await stack.PushAsync("devices", """[{"externalId":"B","deleted":true}]""");
        Assert.Equal(9L, await app.ScalarAsync<long>("""SELECT count(*) FROM fleet."PowerMeasurements" WHERE "CustomerId" = $1""", stack.Id));
        Assert.Equal(HttpStatusCode.NoContent, (await operators.DeleteAsync($"/api/fleet/customers/{stack.Id}")).StatusCode);
        Assert.Equal(0L, await app.ScalarAsync<long>("""SELECT count(*) FROM fleet."PowerMeasurements" WHERE "CustomerId" = $1""", stack.Id));
        Assert.Equal(1L, await app.ScalarAsync<long>("""SELECT count(*) FROM fleet."PowerMeasurements" """));
    }

    // A row a quarter hour, and the register up by so many kWh in each.
    private static string Rows(string serial, DateTimeOffset from, int rows, double kwh) =>
        string.Join(
            ',',
            Enumerable
                .Range(0, rows)
                .Select(i => string.Create(CultureInfo.InvariantCulture, $$"""{"externalId":"{{serial}}","time":"{{from.AddMinutes(15 * i):O}}","energyImportKwh":{{1000 + (kwh * i)}}}"""))
        );
}
