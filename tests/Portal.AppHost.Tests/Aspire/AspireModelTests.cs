using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.AppHost.Topology;

namespace Portal.AppHost.Tests.Aspire;

/// <summary>The Aspire model is the topology, nothing more and nothing less. Builds the model only; nothing is started.</summary>
public sealed class AspireModelTests
{
    [Fact]
    public async Task Every_service_of_every_stack_is_a_resource_with_a_health_check()
    {
        await using var builder = await ModelAsync();

        foreach (var stack in Stacks.Fleet(2, simulate: true))
            foreach (var service in stack.Services)
            {
                var resource = Assert.Single(builder.Resources.OfType<ProjectResource>(), resource => resource.Name == $"{stack.Code}-{service.Name}");
                Assert.NotEmpty(resource.Annotations.OfType<HealthCheckAnnotation>());
            }

        Assert.Single(builder.Resources.OfType<ProjectResource>(), resource => resource.Name == Gateway.Name);
    }

    [Fact]
    public async Task Every_stack_has_a_database_of_its_own_on_the_pinned_TimescaleDB()
    {
        await using var builder = await ModelAsync();

        var server = Assert.Single(builder.Resources.OfType<PostgresServerResource>());
        var image = Assert.Single(server.Annotations.OfType<ContainerImageAnnotation>());
        Assert.Equal((Images.Timescale, Images.TimescaleTag), (image.Image, image.Tag));
        Assert.Equal(
            Stacks.Fleet(2, simulate: true).Select(stack => stack.Database).Order(),
            builder.Resources.OfType<PostgresDatabaseResource>().Select(database => database.DatabaseName).Order());
    }

    [Fact]
    public async Task A_service_finds_its_own_neighbours_and_its_own_database()
    {
        await using var builder = await ModelAsync();

        foreach (var code in (string[])["abc0001", "xyz0002", "admin"])
        {
            Assert.Equal($"{{{code}-api.bindings.http.url}}", (await EnvironmentAsync(builder, $"{code}-web"))["services__api__http__0"]);
            Assert.Equal($"{{{code}-db.connectionString}}", (await EnvironmentAsync(builder, $"{code}-api"))["ConnectionStrings__portal"]);
        }

        Assert.Equal("Client", (await EnvironmentAsync(builder, "abc0001-api"))["Application__RunMode"]);
        Assert.Equal("Admin", (await EnvironmentAsync(builder, "admin-api"))["Application__RunMode"]);
    }

    [Fact]
    public async Task A_customers_ingest_pushes_to_the_operators_with_a_token_that_is_given_apart()
    {
        await using var builder = await ModelAsync();

        foreach (var code in (string[])["abc0001", "xyz0002"])
        {
            var ingest = await EnvironmentAsync(builder, $"{code}-ingest");
            Assert.Equal($"{{{code}-api.bindings.http.url}}", ingest["services__api__http__0"]);
            Assert.Equal("true", ingest["FleetIngest__Enabled"]);
            Assert.EndsWith("/api/fleet/ingest", ingest["FleetIngest__Url"], StringComparison.Ordinal);
            Assert.Equal($"{{{code}-fleet-token.value}}", ingest["FleetIngest__Token"]);
            Assert.DoesNotContain("FleetIngest__TokenFile", ingest.Keys);
            Assert.True(Assert.Single(builder.Resources.OfType<ParameterResource>(), parameter => parameter.Name == $"{code}-fleet-token").Secret);
        }

        Assert.DoesNotContain("FleetIngest__Token", (await EnvironmentAsync(builder, "admin-aggregator")).Keys);
    }

    [Fact]
    public async Task Each_service_waits_for_those_that_the_topology_names()
    {
        await using var builder = await ModelAsync();

        foreach (var stack in Stacks.Fleet(2, simulate: true))
            foreach (var service in stack.Services)
            {
                var resource = builder.Resources.Single(resource => resource.Name == $"{stack.Code}-{service.Name}");
                var awaited = resource.Annotations.OfType<WaitAnnotation>().Select(wait => wait.Resource.Name).ToArray();
                Assert.All(service.WaitsFor, name => Assert.Contains($"{stack.Code}-{name}", awaited));
                if (service.UsesDatabase) Assert.Contains($"{stack.Code}-db", awaited);
            }
    }

    private static Task<IDistributedApplicationTestingBuilder> ModelAsync() =>
        DistributedApplicationTestingBuilder.CreateAsync<Projects.Portal_AppHost>(["--operation", "publish", "--step", "diagnostics"]);

    private static async Task<Dictionary<string, string>> EnvironmentAsync(IDistributedApplicationTestingBuilder builder, string resource)
    {
        var configuration = await ExecutionConfigurationBuilder.Create(builder.Resources.Single(candidate => candidate.Name == resource))
            .WithEnvironmentVariablesConfig()
            .BuildAsync(new(DistributedApplicationOperation.Publish), NullLogger.Instance, CancellationToken.None);
        return configuration.EnvironmentVariables.ToDictionary(variable => variable.Key, variable => variable.Value);
    }
}
