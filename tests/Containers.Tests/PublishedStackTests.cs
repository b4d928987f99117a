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
    [Step(2)]
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
    [Step(3)]
    public async Task A_customer_is_registered_a_meter_posts_through_the_edge_and_the_fleet_shows_the_figure()
    {
        using var operators = await host.AdminAsync("admin");
        var token = (string)(await operators.PostAsync("/api/fleet/customers", new { code = "CTN0001", name = "Containers" }))["token"]!;
        var secret = Path.Combine(host.Root(StackHost.Customer), "secrets", "fleet-token");
        await File.WriteAllTextAsync(secret, token);
        File.SetUnixFileMode(secret, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await StackHost.OwnByContainersAsync(secret);
        using var customer = await host.AdminAsync(StackHost.Customer);
        var site = await customer.PostAsync("/api/sites", new { name = "Works", timeZone = "Africa/Johannesburg" });
        await customer.PostAsync("/api/devices", new { siteId = site["id"]!.ToString(), name = Meter, externalId = Meter, model = "Acuvim II" });
        var key = (string)(await customer.PostAsync("/api/ingest-keys", new { name = "a logger" }))["key"]!;

        using var meter = host.At(StackHost.Customer);
        var now = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());
        var answer = await meter.PostAsync("/api/ingest/measurements", new { measurements = new[] { new { externalId = Meter, time = now, activePowerKw = 48.25, energyImportKwh = 45678.9 } } }, key);

        Assert.Equal(1, (int)answer["accepted"]!);
        var seen = "";
        await Shell.EventuallyAsync(
            async () =>
            {
                var dashboard = await operators.GetAsync("/api/fleet/dashboard");
                seen = dashboard.ToJsonString();
                return (long)dashboard["measurementsToday"]! == 1;
            },
            () => $"the fleet doesn't show what was posted: {seen}", Patience);
    }

    [ContainerFact]
    [Step(4)]
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
    [Step(5)]
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
    [Step(6)]
    public async Task A_rotated_password_of_the_database_loses_no_measurement()
    {
        var before = host.EnvOf(StackHost.Customer)["POSTGRES_PASSWORD"];

        await host.PortalAsync("rotate", "db-password", "--directory", host.Root(StackHost.Customer), "--yes");

        Assert.NotEqual(before, host.EnvOf(StackHost.Customer)["POSTGRES_PASSWORD"]);
        await StackHost.HealthyAsync(StackHost.Customer);
        Assert.Equal("1", await MeasurementsAsync());
        using var customer = await host.AdminAsync(StackHost.Customer);
        Assert.Contains(Meter, (await customer.GetAsync("/api/devices")).ToJsonString(), StringComparison.Ordinal);
    }

    [ContainerFact]
    [Step(7)]
    public async Task A_stack_that_is_taken_down_with_its_volumes_leaves_nothing_in_the_engine()
    {
        await host.ComposeAsync(StackHost.Customer, "down", "-v");

        Assert.Empty(await StackHost.ContainersAsync(StackHost.Customer));
        foreach (var kind in (string[])["volume", "network"])
            Assert.Equal("", (await StackHost.DockerAsync(kind, "ls", "-q", "--filter", $"name={StackHost.Customer}")).Trim());
    }

    private static async Task<string> MeasurementsAsync() => (await StackHost.DockerAsync(
        "exec", $"{StackHost.Customer}_timescale", "psql", "-U", "power_user", "-d", "power_monitoring", "-tAc", """SELECT count(*) FROM monitoring."PowerMeasurements" """)).Trim();
}
