using System.Net;
using System.Text.Json.Nodes;
using Portal.AppHost.Operations;
using Portal.AppHost.Tests.Processes;

namespace Containers.Tests;

/// <summary>What <c>./portal publish</c> wrote, run by a real Docker with images of this repository: from the first start to an empty host.</summary>
[Trait("Tier", "containers")]
[TestCaseOrderer("Containers.Tests.StepOrderer", "Containers.Tests")]
public sealed class PublishedStackTests(StackHost host) : IClassFixture<StackHost>
{
    private const string Meter = "CTN-METER-1";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [ContainerFact]
    [Step(1)]
    public async Task A_customer_is_provisioned_registered_and_verified_by_one_command()
    {
        var said = await host.PortalAsync(["provision", .. host.CustomerArguments, "--name", "Containers", "--edge", host.Root("edge"), "--yes", .. host.Outside]);

        Assert.Contains("checks are good", said, StringComparison.Ordinal);
        await StackHost.HealthyAsync("admin");
        foreach (var stack in (string[])["edge", "admin", StackHost.Customer])
            Assert.Contains("checks are good", await host.PortalAsync(["verify", "--directory", host.Root(stack), .. host.Outside]), StringComparison.Ordinal);
    }

    [ContainerFact]
    [Step(2)]
    public async Task Every_container_is_what_its_manifest_says()
    {
        foreach (var (stack, count) in ((string, int)[])[("edge", 1), ("admin", 7), (StackHost.Customer, 7)])
        {
            var containers = await StackHost.ContainersAsync(stack);
            Assert.Equal(count, containers.Count);
            foreach (var container in containers)
            {
                var settings = container!["HostConfig"]!;
                var name = (string)container["Name"]!;
                Assert.True((bool)settings["ReadonlyRootfs"]!, name);
                Assert.Equal("unless-stopped", (string?)settings["RestartPolicy"]!["Name"]);
                Assert.Equal(["ALL"], settings["CapDrop"]!.AsArray().Select(one => (string?)one));
                Assert.Contains("no-new-privileges:true", settings["SecurityOpt"]!.AsArray().Select(one => (string?)one));
                Assert.True((long)settings["Memory"]! > 0 && (long)settings["NanoCpus"]! > 0 && (long)settings["PidsLimit"]! == 512, name);
                Assert.Equal(name.EndsWith("_timescale", StringComparison.Ordinal) ? "70:70" : name.EndsWith("_grafana", StringComparison.Ordinal) ? "472:472" : "1000:1000", (string?)container["Config"]!["User"]);
                Assert.Equal(0, (int)container["RestartCount"]!);
                var networks = container["NetworkSettings"]!["Networks"]!.AsObject().Select(network => network.Key);
                Assert.Equal(name.EndsWith("_gateway", StringComparison.Ordinal), networks.Contains("portal-edge"));
            }
        }
    }

    [ContainerFact]
    [Step(3)]
    public async Task Our_images_say_their_version_and_commit_and_run_as_nobody_of_importance()
    {
        foreach (var service in ServiceImages.Services)
        {
            var image = JsonNode.Parse(await StackHost.DockerAsync("image", "inspect", $"{service.Image}:{host.EnvOf("admin")["PORTAL_VERSION"]}"))![0]!;
            var labels = image["Config"]!["Labels"]!;
            Assert.Equal(service.Image, (string?)labels["org.opencontainers.image.title"]);
            Assert.Equal(host.EnvOf("admin")["PORTAL_VERSION"], (string?)labels["org.opencontainers.image.version"]);
            Assert.NotEmpty((string)labels["org.opencontainers.image.revision"]!);
            Assert.Equal("1000:1000", (string?)image["Config"]!["User"]);
        }
    }

    [ContainerFact]
    [Step(4)]
    public async Task A_meter_posts_through_the_edge_and_the_fleet_shows_the_figure()
    {
        using var operators = await host.AdminAsync("admin");
        using var customer = await host.AdminAsync(StackHost.Customer);
        var site = await customer.PostAsync("/api/sites", new { name = "Works", timeZone = "Africa/Johannesburg" });
        await customer.PostAsync("/api/devices", new { siteId = site["id"]!.ToString(), name = Meter, externalId = Meter, model = "Acuvim II" });
        var key = (string)(await customer.PostAsync("/api/ingest-keys", new { name = "a logger" }))["key"]!;

        using var meter = host.At(StackHost.Customer);
        var now = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());
        // Two days: the delivery ledger compares those that are over.
        var answer = await meter.PostAsync("/api/ingest/measurements", new
        {
            measurements = new[]
            {
                new { externalId = Meter, time = now, activePowerKw = 48.25, energyImportKwh = 45678.9 },
                new { externalId = Meter, time = now.AddDays(-3), activePowerKw = 47.0, energyImportKwh = 44000.0 },
            },
        }, key);

        Assert.Equal(2, (int)answer["accepted"]!);
        var seen = "";
        await Shell.EventuallyAsync(
            async () =>
            {
                var dashboard = await operators.GetAsync("/api/fleet/dashboard");
                seen = dashboard.ToJsonString();
                return (long)dashboard["measurementsToday"]! == 1 || TimeProvider.System.GetUtcNow().Date != now.Date; // midnight fell into it
            },
            () => $"the fleet doesn't show what was posted: {seen}", Patience);
    }

    [ContainerFact]
    [Step(5)]
    public async Task Grafana_is_reached_through_the_gateways_by_who_is_signed_in_alone()
    {
        using var stranger = host.At(StackHost.Customer);
        using var refused = await stranger.AskAsync("/grafana/api/user");
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);

        using var customer = await host.AdminAsync(StackHost.Customer);
        Assert.Equal(host.EnvOf(StackHost.Customer)["Authentication__DefaultAdminEmail"], (string?)(await customer.GetAsync("/grafana/api/user"))["login"]);
        Assert.Equal("Editor", (string?)(await customer.GetAsync("/grafana/api/user/orgs"))[0]!["role"]);
    }

    [ContainerFact]
    [Step(6)]
    public async Task No_secret_is_in_a_label_a_command_or_a_log()
    {
        foreach (var stack in (string[])["admin", StackHost.Customer])
        {
            var secrets = host.EnvOf(stack).Values.Where(value => value.Name.Contains("PASSWORD", StringComparison.OrdinalIgnoreCase)).Select(value => value.Value).ToList();
            if (stack == StackHost.Customer) secrets.Add(await File.ReadAllTextAsync(Path.Combine(host.Root(stack), "secrets", "fleet-token")));
            Assert.NotEmpty(secrets);
            foreach (var container in await StackHost.ContainersAsync(stack))
            {
                var name = ((string)container!["Name"]!).TrimStart('/');
                var said = $"{container["Config"]!["Labels"]} {container["Config"]!["Cmd"]} {container["Args"]} {await StackHost.DockerAsync("logs", name)}";
                Assert.DoesNotContain(secrets, secret => said.Contains(secret, StringComparison.Ordinal));
            }
        }
    }

    [ContainerFact]
    [Step(7)]
    public async Task A_stack_that_was_backed_up_and_wiped_is_restored_and_the_ledger_is_clean()
    {
        var copies = Path.Combine(host.Folder, "copies");
        await host.PortalAsync("backup", "--directory", host.Root(StackHost.Customer), "--to", copies, "--yes");
        await host.ComposeAsync(StackHost.Customer, "down", "-v");
        Assert.Equal("", await LeftAsync("volume"));
        await host.ComposeAsync(StackHost.Customer, "up", "-d");
        await StackHost.HealthyAsync(StackHost.Customer);
        // Measurements come back from the fleet by themselves; who may post does not.
        Assert.Equal("0", await KeysAsync());

        var said = await host.PortalAsync(
            "restore", "--directory", host.Root(StackHost.Customer), "--from", Assert.Single(Directory.EnumerateFiles(copies, "*.dump")),
            "--no-safety-backup", "--confirm", "CTN0001", "--ledger-minutes", "4");

        Assert.Contains("device-days are proven equal, none differs", said, StringComparison.Ordinal);
        Assert.Equal(("2", "1"), (await MeasurementsAsync(), await KeysAsync()));
        using var customer = await host.AdminAsync(StackHost.Customer);
        Assert.Contains(Meter, (await customer.GetAsync("/api/devices")).ToJsonString(), StringComparison.Ordinal);
    }

    [ContainerFact]
    [Step(8)]
    public async Task A_rotated_password_of_the_database_loses_no_measurement()
    {
        var before = host.EnvOf(StackHost.Customer)["POSTGRES_PASSWORD"];

        await host.PortalAsync("rotate", "db-password", "--directory", host.Root(StackHost.Customer), "--yes");

        Assert.NotEqual(before, host.EnvOf(StackHost.Customer)["POSTGRES_PASSWORD"]);
        Assert.Equal(("2", "1"), (await MeasurementsAsync(), await KeysAsync()));
        using var customer = await host.AdminAsync(StackHost.Customer);
        Assert.Contains(Meter, (await customer.GetAsync("/api/devices")).ToJsonString(), StringComparison.Ordinal);
    }

    [ContainerFact]
    [Step(9)]
    public async Task A_decommissioned_stack_leaves_nothing_behind_but_its_last_backup()
    {
        var last = Path.Combine(host.Folder, "last");

        await host.PortalAsync(["decommission", "--directory", host.Root(StackHost.Customer), "--final-backup", last, "--confirm", "CTN0001", "--edge", host.Root("edge"), .. host.Outside]);

        Assert.Empty(await StackHost.ContainersAsync(StackHost.Customer));
        Assert.Equal(("", ""), (await LeftAsync("volume"), await LeftAsync("network")));
        // Those of the images, which have no name.
        Assert.Equal("", (await StackHost.DockerAsync("volume", "ls", "-q", "--filter", "dangling=true")).Trim());
        Assert.False(Directory.Exists(host.Root(StackHost.Customer)));
        Assert.Single(Directory.EnumerateFiles(last, "*.dump"));
        using var operators = await host.AdminAsync("admin");
        Assert.DoesNotContain("CTN0001", (await operators.GetAsync("/api/fleet/customers")).ToJsonString(), StringComparison.Ordinal);
        using var stranger = host.At(StackHost.Customer);
        await Shell.EventuallyAsync(
            async () =>
            {
                using var answer = await stranger.AskAsync("/");
                return answer.StatusCode == HttpStatusCode.NotFound;
            },
            "the edge still routes it", Patience);
    }

    private static async Task<string> LeftAsync(string kind) => (await StackHost.DockerAsync(kind, "ls", "-q", "--filter", $"name={StackHost.Customer}")).Trim();

    private static Task<string> MeasurementsAsync() => CountAsync("monitoring.\"PowerMeasurements\"");

    private static Task<string> KeysAsync() => CountAsync("portal.\"IngestKeys\"");

    private static async Task<string> CountAsync(string table) => (await StackHost.DockerAsync(
        "exec", $"{StackHost.Customer}_timescale", "psql", "-U", "power_user", "-d", "power_monitoring", "-tAc", $"SELECT count(*) FROM {table}")).Trim();
}
