using Portal.AppHost.Local;
using Portal.AppHost.Tests.Processes;
using Portal.AppHost.Topology;
using Portal.Testing;

namespace Portal.AppHost.Tests.EndToEnd;

/// <summary>"Onboarding a new customer end-to-end" of the operations guide, step by step.</summary>
[Collection(WholeProduct.Name)]
public sealed class OnboardingTests(TwoCustomers portal)
{
    private const string Code = "onb0001";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [PostgresFact]
    public async Task A_new_customer_is_registered_gets_its_token_and_pushes_what_it_has_stored_already()
    {
        var tables = await FleetTables.OfAsync(portal);
        var folder = Directory.CreateDirectory(Path.Combine(portal.Folder, "handmade")).FullName;
        var env = await ProvisionAsync(tables, folder);
        await using var api = await HandmadeService.StartAsync("Portal.Api", Path.Combine(folder, "api.log"), env);
        using var customer = await StackClient.SignInAsync(api.Port, Code);
        await customer.AddDeviceAsync("AN12345");
        var key = await customer.AddKeyAsync();
        await using (var ingest = await HandmadeService.StartAsync("Portal.Ingest", Path.Combine(folder, "ingest.log"), env)) await MeasureAsync(ingest, key, hoursAgo: 50);

        // A. Register, and copy the token that is shown once.
        using var admin = await StackClient.SignInAsync(portal.Port, "admin");
        var registered = await admin.CreateAsync("/api/fleet/customers", new { code = "ONB0001", name = "Acme Corp" });
        try
        {
            // B. Add it to the customer's .env and restart. Where the guide has a minute's interval, this has a second's.
            env["Application__RunMode"] = "Client";
            env["FleetIngest__Enabled"] = "true";
            env["FleetIngest__Url"] = $"http://admin.localhost:{portal.Port}/api/fleet/ingest";
            env["FleetIngest__Token"] = (string?)registered["token"];
            env["FleetIngest__IntervalSeconds"] = "1";
            env["FleetIngest__BatchSize"] = "5000";
            await using var ingest = await HandmadeService.StartAsync("Portal.Ingest", Path.Combine(folder, "ingest.log"), env);

            // C. "Last push" advances; the detail lists batches of sites, devices and measurements; so does the guide's SQL.
            var first = await LastPushAsync(admin, null);
            await LastPushAsync(admin, first);
            await tables.SettledAsync(Code);
            var detail = await admin.GetAsync($"/api/fleet/customers/{registered["id"]}/detail");
            var events = detail["ingestEvents"]!.AsArray().Select(one => ((string)one!["batchType"]!, (int)one["status"]!, (int)one["rowsAccepted"]!)).ToArray();
            Assert.Equal([("measurements", 200, 1), ("devices", 200, 1), ("sites", 200, 1)], events);
            Assert.Equal("AN12345", (string?)Assert.Single(detail["devices"]!.AsArray())!["externalId"]);
            Assert.Equal("Site of AN12345", (string?)Assert.Single(detail["sites"]!.AsArray())!["name"]);
            Assert.Equal(48.25, (double)Assert.Single(detail["measurements"]!.AsArray())!["activePowerKw"]!);
            var listed = await tables.ListAsync<string>(
                FleetTables.Fleet, """SELECT "BatchType","RowsAccepted","ReceivedAt" FROM fleet."IngestEvents" ORDER BY "ReceivedAt" DESC LIMIT 10;""");
            // Among them may be some of other customers.
            Assert.Superset(new HashSet<string>(["measurements", "devices", "sites"]), listed.ToHashSet());

            await MeasureAsync(ingest, key, hoursAgo: 0);
            await tables.SettledAsync(Code);
            Assert.Equal(2, (await tables.AssertEqualAsync(Code)).Count);
            // The token is nowhere to be read.
            Assert.DoesNotContain((string)registered["token"]!, await File.ReadAllTextAsync(Path.Combine(folder, "ingest.log")), StringComparison.Ordinal);
        }
        finally
        {
            await admin.DeleteAsync($"/api/fleet/customers/{registered["id"]}");
        }
    }

    /// <summary>The customer's <c>.env</c>, as the guide's "Provisioning a new customer" fills it in, and the folders of its volumes.</summary>
    private static async Task<Dictionary<string, string?>> ProvisionAsync(FleetTables tables, string folder)
    {
        await tables.ExecuteAsync("postgres", $"CREATE DATABASE {FleetTables.Stack(Code)}");
        return new()
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["Database__ConnectionString"] = tables.ConnectionString(FleetTables.Stack(Code)),
            ["Authentication__DefaultAdminEmail"] = Stacks.AdminEmail,
            ["Authentication__DefaultAdminPassword"] = AdminPassword.Default,
            ["DataProtection__KeysPath"] = Directory.CreateDirectory(Path.Combine(folder, "keys")).FullName,
            ["Branding__Path"] = Directory.CreateDirectory(Path.Combine(folder, "branding")).FullName,
        };
    }

    private static async Task MeasureAsync(HandmadeService ingest, string key, int hoursAgo)
    {
        using var meter = StackClient.Of(ingest.Port, Code);
        var answer = await meter.MeterPostAsync("/api/ingest/measurements", key, new
        {
            measurements = new[] { new { externalId = "AN12345", time = TimeProvider.System.GetUtcNow().AddHours(-hoursAgo), activePowerKw = 48.25, energyImportKwh = 45678.9 } },
        });
        Assert.Equal(1, (int)answer["accepted"]!);
    }

    /// <summary>When the customer's last push was, once that is later than the time given.</summary>
    private static async Task<DateTimeOffset> LastPushAsync(StackClient admin, DateTimeOffset? after)
    {
        DateTimeOffset? last = null;
        await Shell.EventuallyAsync(
            async () =>
            {
                var customers = (await admin.GetAsync("/api/fleet/customers"))["items"]!.AsArray();
                last = (DateTimeOffset?)customers.Single(one => (string?)one!["code"] == "ONB0001")!["lastPushAt"];
                return last is not null && (after is null || last > after);
            },
            "the last push doesn't advance", Patience);
        return last!.Value;
    }
}
