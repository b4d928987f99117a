using Portal.AppHost.Local;
using Portal.AppHost.Topology;

namespace Portal.AppHost.Tests.Topology;

public sealed class StacksTests
{
    private static readonly IReadOnlyList<Stack> Fleet = Stacks.Fleet(3, simulate: true);

    [Fact]
    public void A_fleet_is_the_operators_stack_and_those_of_its_customers()
    {
        Assert.Equal(["admin", "abc0001", "xyz0002"], Stacks.Fleet(2, simulate: true).Select(stack => stack.Code));
        Assert.Equal(["power_monitoring_abc0001", "power_monitoring_xyz0002"], Stacks.Fleet(2, simulate: true).Skip(1).Select(stack => stack.Database));
        Assert.Equal("admin_fleet", Fleet[0].Database);
    }

    [Fact]
    public void Customer_codes_are_distinct_and_three_to_twelve_letters_and_digits()
    {
        var codes = CustomerCodes.First(CustomerCodes.Most).ToArray();

        Assert.Equal(CustomerCodes.Most, codes.Distinct().Count());
        Assert.DoesNotContain(Stacks.AdminCode, codes);
        Assert.All(codes, code => Assert.Matches("^[a-z0-9]{3,12}$", code));
    }

    [Fact]
    public void Whatever_a_service_refers_to_is_part_of_its_own_stack()
    {
        foreach (var stack in Fleet)
            foreach (var service in stack.Services)
            {
                var settings = stack.EnvironmentOf(service).Values;
                var names = stack.Services.Select(other => other.Name).ToArray();
                Assert.All(service.WaitsFor, name => Assert.Contains(name, names));
                Assert.All(settings.OfType<Setting.EndpointOf>(), endpoint => Assert.Contains(endpoint.Service, names));
                Assert.All(settings.OfType<Setting.SecretOf>(), secret => Assert.Contains(secret.Name, stack.Secrets));
                Assert.All(settings.OfType<Setting.SecretFile>(), secret => Assert.Contains(secret.Name, stack.Secrets));
                Assert.All(settings.OfType<Setting.FolderOf>(), folder => Assert.Contains(folder.Volume, service.Mounts.Select(mount => mount.Volume)));
                Assert.All(service.Mounts, mount => Assert.Contains(mount.Volume, stack.Volumes));
            }
    }

    [Fact]
    public void No_service_waits_for_one_that_waits_for_it()
    {
        foreach (var stack in Fleet)
            foreach (var service in stack.Services)
                Assert.DoesNotContain(service.Name, Behind(stack, service));
    }

    [Fact]
    public void Only_the_API_is_told_how_the_first_admin_signs_in()
    {
        var told = Fleet.SelectMany(stack => stack.Services.Where(service => stack.EnvironmentOf(service).Values.Contains(new Setting.SecretOf(Stacks.AdminPassword))));

        Assert.All(told, service => Assert.Equal("api", service.Name));
        Assert.Equal(Fleet.Count, told.Count());
    }

    [Fact]
    public void The_ingest_of_every_customer_pushes_and_nothing_else_does()
    {
        foreach (var stack in Fleet)
            foreach (var service in stack.Services)
            {
                var push = service.Environment.Where(setting => setting.Key.StartsWith("FleetIngest__", StringComparison.Ordinal)).ToDictionary();
                if (stack.Mode == RunMode.Admin || service.Name != "ingest")
                {
                    Assert.Empty(push);
                    continue;
                }

                Assert.Equal(new Setting.Literal("true"), push["FleetIngest__Enabled"]);
                Assert.Equal(new Setting.AdminUrl("/api/fleet/ingest"), push["FleetIngest__Url"]);
                Assert.Equal(new Setting.SecretFile(Stacks.FleetToken), push["FleetIngest__TokenFile"]);
            }
    }

    [Fact]
    public void Stacks_push_every_minute_but_on_a_developers_machine_where_somebody_is_watching()
    {
        Assert.Equal(new Setting.Literal("60"), Stacks.Client("abc0001")["ingest"].Environment["FleetIngest__IntervalSeconds"]);
        Assert.Equal(new Setting.Literal("10"), Fleet[1]["ingest"].Environment["FleetIngest__IntervalSeconds"]);
    }

    [Fact]
    public void Every_service_names_a_project_of_the_repository()
    {
        var root = Repository.Find().Root;
        var services = Fleet.SelectMany(stack => stack.Services).Append(Gateway.Service).Append(Simulator.Program);

        Assert.All(services, service => Assert.True(File.Exists(Path.Combine(root, service.ProjectFile)), service.ProjectFile));
    }

    [Fact]
    public void Meters_are_simulated_for_customers_only_and_each_has_its_own()
    {
        Assert.Equal([null, 1, 2, 3], Fleet.Select(stack => stack.SimulatedFleet));
        Assert.All(Stacks.Fleet(3, simulate: false), stack => Assert.Null(stack.SimulatedFleet));
    }

    private static IEnumerable<string> Behind(Stack stack, Service service) =>
        service.WaitsFor.Concat(service.WaitsFor.SelectMany(name => Behind(stack, stack[name])));
}
