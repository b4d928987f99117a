using System.Text.Json;
using Portal.AppHost.Local;
using Portal.AppHost.Tests.CommandLine;
using Portal.AppHost.Topology;

namespace Portal.AppHost.Tests.Local;

/// <summary>A Grafana beside each stack of a machine, as its plan says it.</summary>
public sealed class GrafanaPlanTests : IAsyncLifetime
{
    private static readonly Repository Repository = PortalProgram.Repository;
    private readonly StateFolder _folder = new(Directory.CreateTempSubdirectory("tau-test-plan-").FullName);
    private readonly IReadOnlyList<Stack> _stacks = [.. Stacks.Fleet(2, simulate: false).Select(Grafana.Beside)];
    private LocalPlan _plan = null!;

    public async Task InitializeAsync()
    {
        foreach (var stack in _stacks) await GrafanaFiles.WriteAsync(_folder, Repository, stack, CancellationToken.None);
        _plan = new LocalPlan(
            new UpOptions { Port = 8123 }, _stacks, _folder, "a password", database => $"Host=127.0.0.1;Port=15432;Username=owner;Password=of-the-owner;Database={database}",
            new GrafanaInstallation("/opt/grafana/bin/grafana", "/opt/grafana"), Repository.Root);
    }

    public Task DisposeAsync()
    {
        Directory.Delete(_folder.Root, recursive: true);
        return Task.CompletedTask;
    }

    [Fact]
    public void It_reads_its_own_stacks_database_with_the_role_that_the_schemas_owner_makes()
    {
        foreach (var (code, owner, database) in (ValueTuple<string, string, string>[])[("abc0001", "api", "power_monitoring_abc0001"), ("admin", "aggregator", "admin_fleet")])
        {
            var grafana = Of(code, Grafana.Name).Environment;
            var makes = Of(code, owner).Environment;

            Assert.Equal(("127.0.0.1", "15432", database), (grafana["POSTGRES_HOST"], grafana["POSTGRES_PORT"], grafana["POSTGRES_DB"]));
            Assert.Equal($"grafana_{database}", grafana["POSTGRES_USER"]);
            Assert.Equal((grafana["POSTGRES_USER"], grafana["POSTGRES_PASSWORD"]), (makes["Grafana__DatabaseUser"], makes["Grafana__DatabasePassword"]));
            Assert.DoesNotContain(grafana.Values, value => value?.Contains("of-the-owner", StringComparison.Ordinal) == true);
        }

        Assert.Equal(3, _stacks.Select(stack => Of(stack.Code, Grafana.Name).Environment["POSTGRES_PASSWORD"]).Distinct().Count());
        Assert.DoesNotContain(_plan.Services, service => service.Service.Name is "web" or "ingest" && service.Environment.ContainsKey("Grafana__DatabasePassword"));
    }

    [Fact]
    public void It_believes_its_gateway_alone_and_has_no_sign_in_of_its_own()
    {
        var settings = Of("abc0001", Grafana.Name).Environment;

        Assert.Equal("127.0.0.1", settings["GF_SERVER_HTTP_ADDR"]);
        Assert.Equal("http://abc0001.localhost:8123/grafana/", settings["GF_SERVER_ROOT_URL"]);
        Assert.Equal(("true", "X-WEBAUTH-USER", "Role:X-WEBAUTH-ROLE", "127.0.0.1,::1", "false"),
            (settings["GF_AUTH_PROXY_ENABLED"], settings["GF_AUTH_PROXY_HEADER_NAME"], settings["GF_AUTH_PROXY_HEADERS"], settings["GF_AUTH_PROXY_WHITELIST"],
                settings["GF_AUTH_PROXY_ENABLE_LOGIN_TOKEN"]));
        Assert.Equal(("false", "false", "true", "true"),
            (settings["GF_AUTH_ANONYMOUS_ENABLED"], settings["GF_AUTH_BASIC_ENABLED"], settings["GF_AUTH_DISABLE_LOGIN_FORM"], settings["GF_SECURITY_ALLOW_EMBEDDING"]));
    }

    [Fact]
    public async Task Its_dashboards_and_data_source_are_the_repositorys()
    {
        foreach (var stack in _stacks)
        {
            var settings = Of(stack.Code, Grafana.Name).Environment;
            var provisioning = settings["GF_PATHS_PROVISIONING"]!;
            var dashboards = Path.Combine(Repository.Root, Grafana.Dashboards(stack.Mode));

            Assert.True(File.Exists(settings["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"]));
            Assert.Contains($"path: {dashboards}\n", await File.ReadAllTextAsync(Path.Combine(provisioning, "dashboards", "portal.yml")), StringComparison.Ordinal);
            Assert.Contains("uid: timescaledb", await File.ReadAllTextAsync(Path.Combine(provisioning, "datasources", "timescaledb.yml")), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_gateway_routes_to_it_and_it_is_started_as_its_installation_wants()
    {
        using var file = JsonDocument.Parse(_plan.Routes(_stacks[1]));
        var grafana = Of("abc0001", Grafana.Name);

        Assert.Equal(grafana.Url, file.RootElement.GetProperty("services").GetProperty("grafana")[0].GetString());
        Assert.Equal(["/opt/grafana/bin/grafana", "server", "--homepath", "/opt/grafana"], grafana.Line);
        Assert.Equal($"{grafana.Port}", grafana.Environment["GF_SERVER_HTTP_PORT"]);
    }

    [Fact]
    public async Task Its_password_outlives_a_start_and_is_the_owners_alone()
    {
        var file = _folder.Secret("abc0001", Grafana.Password);
        var before = await File.ReadAllTextAsync(file);

        await GrafanaFiles.WriteAsync(_folder, Repository, _stacks[1], CancellationToken.None);

        Assert.Equal(before, await File.ReadAllTextAsync(file));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    private ServicePlan Of(string code, string service) => _plan.Services.Single(plan => plan.Stack!.Code == code && plan.Service.Name == service);
}
