using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Time.Testing;
using Portal.Contracts;
using Portal.Contracts.Fleet;
using Portal.Testing;

namespace Fleet.Aggregator.Tests.Dashboard;

/// <summary>Noon in Johannesburg, where the day began at 22:00 UTC.</summary>
public sealed class NoonApp : AggregatorApp
{
    public static readonly DateTimeOffset Now = new(2026, 11, 25, 10, 0, 0, TimeSpan.Zero);

    public FakeTimeProvider Clock { get; } = new(Now);

    protected override IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string> { ["Fleet:TimeZone"] = "Africa/Johannesburg" };

    protected override void Configure(IServiceCollection services) => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(Clock));
}

public sealed class DashboardTests(NoonApp app) : IClassFixture<NoonApp>
{
    [PostgresFact]
    public async Task The_dashboard_shows_each_customers_day_by_the_fleets_clock()
    {
        using var stack = await app.RegisterAsync();
        using var empty = await app.RegisterAsync();
        await stack.PushAsync("devices", """[{"externalId":"MAIN","name":"Main"},{"externalId":"SUB","name":"Sub","role":"sub"},{"externalId":"OLD","name":"Gone"},{"externalId":"PV","name":"PV","role":"generation"}]""");
        // From 21:00 UTC on, a row a quarter hour: the day began at 22:00 UTC. 8 kWh an hour by the main, 4 by the sub-meter.
        var from = NoonApp.Now.AddHours(-13);
        await stack.PushAsync("measurements", $"[{Rows("MAIN", from, 13 * 4, 2)},{Rows("SUB", from, 13 * 4, 1)},{Rows("OLD", from, 13 * 4, 100)}]");
        await stack.PushAsync("devices", """[{"externalId":"OLD","deleted":true}]""");
        await stack.BeatAsync("""{"protocolVersion":2,"softwareVersion":"1.2.3","clock":"2026-11-25T10:00:30Z","backlogRows":7,"diskFreeBytes":1000,"lastBackupAt":"2026-11-24T01:00:00Z"}""");

        var dashboard = await DashboardAsync();

        var line = dashboard.Customers.Single(customer => customer.Id == stack.Id);
        Assert.Equal((3, 0, 2L * (12 * 4 + 1)), (line.Devices, line.SilentDevices, line.MeasurementsToday));
        Assert.Equal(96, line.EnergyTodayKwh); // without the noise of its register's binary fractions
        Assert.Equal((0, LagTags.Fresh, NoonApp.Now), (line.LagSeconds, line.Tag, line.LastPushAt));
        Assert.Equal(("1.2.3", 7L, 1000L, 30d), (line.SoftwareVersion, line.BacklogRows, line.DiskFreeBytes, line.ClockSkewSeconds));
        Assert.Equal(new DateTimeOffset(2026, 11, 24, 1, 0, 0, TimeSpan.Zero), line.LastBackupAt);
        var none = dashboard.Customers.Single(customer => customer.Id == empty.Id);
        Assert.Equal((0, null, LagTags.Never, 0L, 0d), (none.Devices, none.LagSeconds, none.Tag, none.MeasurementsToday, none.EnergyTodayKwh));
        Assert.Null(none.LastPushAt);
        Assert.Equal(dashboard.Customers.Count, dashboard.TotalCustomers);
        Assert.Equal(dashboard.Customers.Count(customer => customer.Active), dashboard.ActiveCustomers);
        Assert.Equal(dashboard.Customers.Sum(customer => customer.MeasurementsToday), dashboard.MeasurementsToday);
        Assert.Equal(Math.Round(dashboard.Customers.Sum(customer => customer.EnergyTodayKwh), 6), dashboard.EnergyTodayKwh);
        Assert.Equal(dashboard.Customers.Select(customer => customer.Code).Order(StringComparer.Ordinal), dashboard.Customers.Select(customer => customer.Code));
    }

    [PostgresTheory]
    [InlineData(-299, LagTags.Fresh)]
    [InlineData(-300, LagTags.Late)]
    [InlineData(-3599, LagTags.Late)]
    [InlineData(-3600, LagTags.Stale)]
    [InlineData(7200, LagTags.Fresh)] // its clock is ahead
    public async Task A_customer_is_tagged_by_its_newest_measurement(int seconds, string tag)
    {
        using var stack = await app.RegisterAsync();
        await stack.PushDevicesAsync("D");
        await stack.PushAsync("measurements", $"[{Rows("D", NoonApp.Now.AddSeconds(seconds), 0, 0)}]");

        var line = (await DashboardAsync()).Customers.Single(customer => customer.Id == stack.Id);

        Assert.Equal((tag, Math.Max(0, -seconds)), (line.Tag, line.LagSeconds));
    }

    [PostgresFact]
    public async Task A_fresh_row_shows_at_once()
    {
        using var stack = await app.RegisterAsync();
        await stack.PushDevicesAsync("D");
        await stack.PushAsync("measurements", $"[{Rows("D", NoonApp.Now.AddMinutes(-30), 1, 5)}]");
        Assert.Equal(2, (await DashboardAsync()).Customers.Single(customer => customer.Id == stack.Id).MeasurementsToday);
        await stack.PushAsync("measurements", $"[{Rows("D", NoonApp.Now.AddMinutes(-30), 2, 5)}]");

        var line = (await DashboardAsync()).Customers.Single(customer => customer.Id == stack.Id);

        Assert.Equal((3L, 10d), (line.MeasurementsToday, Math.Round(line.EnergyTodayKwh, 6)));
    }

    [PostgresFact]
    public async Task All_sites_and_devices_of_a_large_customer_are_reached_page_by_page()
    {
        using var operators = app.As("Admin");
        using var stack = await app.RegisterAsync();
        using var other = await app.RegisterAsync();
        await other.PushDevicesAsync("A");
        await stack.PushAsync("sites", $"[{string.Join(',', Enumerable.Range(0, 1_003).Select(i => $$"""{"externalId":"S{{i}}","name":"Site {{i:0000}}","timeZone":"UTC"}"""))}]");
        await stack.PushAsync("devices", $"[{string.Join(',', Enumerable.Range(0, 2_001).Select(i => $$"""{"externalId":"D{{i}}","siteExternalId":"S{{i % 7}}","name":"Meter"}"""))}]");
        await stack.PushAsync("devices", """[{"externalId":"D9","deleted":true}]""");

        var sites = await AllAsync<FleetSite>($"/api/fleet/customers/{stack.Id}/sites", pages: 2);
        var devices = await AllAsync<FleetDevice>($"/api/fleet/customers/{stack.Id}/devices", pages: 2);

        Assert.Equal(Enumerable.Range(0, 1_003).Select(i => $"S{i}").Order(StringComparer.Ordinal), sites.Select(site => site.ExternalId).Order(StringComparer.Ordinal));
        Assert.Equal(Enumerable.Range(0, 2_001).Where(i => i != 9).Select(i => $"D{i} Site {i % 7:0000}").Order(StringComparer.Ordinal), devices.Select(d => $"{d.ExternalId} {d.SiteName}").Order(StringComparer.Ordinal));
        Assert.Equal(2_000, sites.Sum(site => site.Devices));
        var detail = (await operators.GetFromJsonAsync<CustomerDetail>($"/api/fleet/customers/{stack.Id}/detail"))!;
        Assert.Equal((1_000, 1_003, 1_000, 2_000), (detail.Sites.Count, detail.TotalSites, detail.Devices.Count, detail.Customer.Devices));
        Assert.Equal(HttpStatusCode.NotFound, (await operators.GetAsync(new Uri("/api/fleet/customers/999999/devices", UriKind.Relative))).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await operators.GetAsync(new Uri($"/api/fleet/customers/{stack.Id}/sites?cursor=x", UriKind.Relative))).StatusCode);
        using var viewer = app.As("Viewer");
        Assert.Equal(HttpStatusCode.Forbidden, (await viewer.GetAsync(new Uri($"/api/fleet/customers/{stack.Id}/devices", UriKind.Relative))).StatusCode);

        async Task<List<T>> AllAsync<T>(string path, int pages)
        {
            var (all, cursor) = (new List<T>(), (string?)"");
            for (var page = 1; page <= pages; page++)
            {
                Assert.NotNull(cursor);
                var answer = (await operators.GetFromJsonAsync<Page<T>>($"{path}?cursor={cursor}"))!;
                all.AddRange(answer.Items);
                cursor = answer.Next;
            }

            Assert.Null(cursor);
            return all;
        }
    }

    [PostgresFact]
    public async Task The_detail_has_the_newest_of_everything_within_its_bounds()
    {
        using var operators = app.As("Admin");
        using var stack = await app.RegisterAsync();
        using var other = await app.RegisterAsync();
        await stack.PushAsync("sites", """[{"externalId":"S","name":"Plant","timeZone":"Europe/Berlin"},{"externalId":"T","name":"Depot","timeZone":"UTC"}]""");
        await stack.PushAsync("devices", """[{"externalId":"A","siteExternalId":"S","name":"Meter A","model":"Acuvim II"},{"externalId":"B","siteExternalId":"S","name":"Meter B","role":"check"},{"externalId":"C","name":"No site"}]""");
        await stack.PushAsync("measurements", $"[{Rows("A", NoonApp.Now.AddMinutes(-60), 4, 1)}]");
        await stack.PushAsync("measurements", $"[{Rows("B", NoonApp.Now.AddDays(-3), 60, 0.1)},{{\"externalId\":\"B\",\"time\":\"{NoonApp.Now.AddMinutes(-1):O}\",\"activePowerKw\":12.34}}]");
        await other.PushDevicesAsync("A");
        await other.PushAsync("measurements", $"[{Rows("A", NoonApp.Now, 0, 1)}]");
        for (var i = 0; i < 25; i++)
        {
            await stack.PushAsync("measurements", "[\"bad\"]");
        }

        var detail = (await operators.GetFromJsonAsync<CustomerDetail>($"/api/fleet/customers/{stack.Id}/detail"))!;

        Assert.Equal((stack.Code, 3), (detail.Customer.Code, detail.Customer.Devices));
        Assert.Equal(["Depot UTC 0", "Plant Europe/Berlin 2"], detail.Sites.Select(site => $"{site.Name} {site.TimeZone} {site.Devices}"));
        Assert.Equal(["A Plant main Acuvim II", "B Plant check ", "C  main "], detail.Devices.Select(d => $"{d.ExternalId} {d.SiteName} {d.Role} {d.Model}"));
        Assert.Equal(50, detail.Measurements.Count);
        Assert.Equal(("A", NoonApp.Now), (detail.Measurements[0].ExternalId, detail.Measurements[0].Time));
        Assert.Equal(("B", 12.34, null), (detail.Measurements[1].ExternalId, detail.Measurements[1].ActivePowerKw, detail.Measurements[1].EnergyImportKwh));
        Assert.Equal(detail.Measurements.OrderByDescending(m => m.Time), detail.Measurements);
        Assert.Equal(5, detail.Measurements.Count(m => m.ExternalId == "A"));
        Assert.Equal(20, detail.IngestEvents.Count);
        Assert.All(detail.IngestEvents, e => Assert.Equal(("measurements", 200, 1), (e.BatchType, e.Status, e.RowsRejected)));
        Assert.Equal(detail.IngestEvents.OrderByDescending(e => e.Id).Select(e => e.Id), detail.IngestEvents.Select(e => e.Id));
        Assert.Empty(detail.Silences);
    }

    [PostgresFact]
    public async Task Rejected_rows_say_why_with_serials_to_look_for()
    {
        using var operators = app.As("Admin");
        using var stack = await app.RegisterAsync();
        await stack.PushDevicesAsync("D");
        await stack.PushAsync("measurements", $"[\"bad\",{Rows("X1", NoonApp.Now, 0, 0)},{Rows("X2", NoonApp.Now, 1, 0)},{{\"externalId\":\"D\",\"time\":\"never\"}},{Rows("D", NoonApp.Now, 0, 0)}]");

        var detail = (await operators.GetFromJsonAsync<CustomerDetail>($"/api/fleet/customers/{stack.Id}/detail"))!;

        var pushed = detail.IngestEvents[0];
        Assert.Equal((1, 5), (pushed.RowsAccepted, pushed.RowsRejected));
        // One of them names no device at all.
        Assert.Equal(["unknown-device 4 X1 X2", "invalid-time 1 D"], pushed.Rejections!.Select(rows => $"{rows.Reason} {rows.Rows} {string.Join(' ', rows.Examples)}"));
        Assert.Empty(detail.IngestEvents[1].Rejections!);
    }

    [PostgresFact]
    public async Task Names_on_the_wire_are_those_that_were_agreed()
    {
        using var operators = app.As("Admin");
        using var stack = await app.RegisterAsync();
        await stack.PushDevicesAsync("W");
        await stack.PushAsync("measurements", $"[{Rows("W", NoonApp.Now, 0, 0)}]");

        var dashboard = await operators.GetStringAsync("/api/fleet/dashboard");
        var detail = await operators.GetStringAsync($"/api/fleet/customers/{stack.Id}/detail");

        foreach (var name in (string[])["totalCustomers", "activeCustomers", "measurementsToday", "energyTodayKwh", "customers", "id", "code", "name", "active", "lastPushAt", "lagSeconds", "devices"])
        {
            Assert.Contains($"\"{name}\":", dashboard, StringComparison.Ordinal);
        }

        foreach (var name in (string[])["customer", "sites", "devices", "measurements", "ingestEvents", "rowsRejected", "minTime", "maxTime", "silences"])
        {
            Assert.Contains($"\"{name}\":", detail, StringComparison.Ordinal);
        }
    }

    [PostgresFact]
    public async Task A_customer_that_is_not_there_is_404()
    {
        using var operators = app.As("Admin");
        await Problem.AssertAsync(await operators.GetAsync("/api/fleet/customers/2000000000/detail"), HttpStatusCode.NotFound, "not-found");
    }

    private async Task<FleetDashboard> DashboardAsync()
    {
        using var operators = app.As("Admin");
        return (await operators.GetFromJsonAsync<FleetDashboard>("/api/fleet/dashboard"))!;
    }

    // A row a quarter hour, one more than the quarters, and the register up by so many kWh in each.
    private static string Rows(string serial, DateTimeOffset from, int quarters, double kwh) =>
        string.Join(
            ',',
            Enumerable
                .Range(0, quarters + 1)
                .Select(i => string.Create(CultureInfo.InvariantCulture, $$"""{"externalId":"{{serial}}","time":"{{from.AddMinutes(15 * i):O}}","energyImportKwh":{{1000 + (kwh * i)}}}"""))
        );
}
