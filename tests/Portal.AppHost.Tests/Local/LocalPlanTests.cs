using System.Text.Json;
using Portal.AppHost.Local;
using Portal.AppHost.Topology;

namespace Portal.AppHost.Tests.Local;

public sealed class LocalPlanTests : IDisposable
{
    private readonly StateFolder _folder = new(Directory.CreateTempSubdirectory("tau-test-plan-").FullName);
    private readonly LocalPlan _plan;

    public LocalPlanTests() => _plan = new LocalPlan(
        new UpOptions { Port = 8123 }, Stacks.Fleet(2, simulate: true), _folder, "a password", database => $"Database={database}");

    public void Dispose() => Directory.Delete(_folder.Root, recursive: true);

    [Fact]
    public void Every_process_has_a_port_of_its_own_on_loopback_only()
    {
        var all = _plan.Services.Append(_plan.Gateway).ToArray();

        Assert.Equal(all.Length, all.Select(service => service.Port).Distinct().Count());
        Assert.All(all.SelectMany(service => service.Environment["ASPNETCORE_URLS"]!.Split(';')), url => Assert.Contains(new Uri(url).Host, new[] { "127.0.0.1", "localhost" }));
    }

    [Fact]
    public void A_service_finds_the_neighbours_of_its_own_stack()
    {
        foreach (var code in (string[])["abc0001", "xyz0002", "admin"])
            Assert.Equal(Of(code, "api").Url, Of(code, "web").Environment["services__api__http__0"]);
        Assert.Equal(Of("admin", "aggregator").Url, Of("admin", "web").Environment["services__aggregator__http__0"]);
    }

    [Fact]
    public void Each_stack_is_told_its_own_database_address_mode_and_keys()
    {
        var api = Of("xyz0002", "api").Environment;

        Assert.Equal("Database=power_monitoring_xyz0002", api["ConnectionStrings__portal"]);
        Assert.Equal("http://xyz0002.localhost:8123", api["Application__PublicUrl"]);
        Assert.Equal("Client", api["Application__RunMode"]);
        Assert.Equal("Admin", Of("admin", "api").Environment["Application__RunMode"]);
        Assert.Equal(api["DataProtection__KeysPath"], Of("xyz0002", "web").Environment["DataProtection__KeysPath"]);
        Assert.NotEqual(api["DataProtection__KeysPath"], Of("abc0001", "api").Environment["DataProtection__KeysPath"]);
        Assert.False(Of("xyz0002", "web").Environment.ContainsKey("ConnectionStrings__portal"));
    }

    [Fact]
    public void A_customers_ingest_learns_where_the_fleet_is_and_where_its_own_token_comes()
    {
        var ingest = Of("xyz0002", "ingest").Environment;

        Assert.Equal("http://admin.localhost:8123/api/fleet/ingest", ingest["FleetIngest__Url"]);
        Assert.Equal(Path.Combine(_folder.Root, "xyz0002", "fleet-token"), ingest["FleetIngest__TokenFile"]);
        Assert.Equal(Of("xyz0002", "api").Url, ingest["services__api__http__0"]);
        Assert.Null(ingest["FleetIngest__Token"]);
    }

    [Fact]
    public void A_developers_own_database_settings_do_not_reach_a_stack()
    {
        Assert.All(_plan.Services, service => Assert.True(service.Environment.TryGetValue("Database__ConnectionString", out var value) && value is null));
    }

    [Fact]
    public async Task The_gateway_learns_every_stack_and_forgets_those_that_are_gone()
    {
        Directory.CreateDirectory(_folder.Routes);
        await File.WriteAllTextAsync(Path.Combine(_folder.Routes, "old0009.json"), "{}");

        await GatewayFiles.WriteAsync(_folder, _plan, CancellationToken.None);

        Assert.Equal(["abc0001.json", "admin.json", "xyz0002.json"], Directory.GetFiles(_folder.Routes).Select(Path.GetFileName).Order());
        using var file = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(_folder.Routes, "abc0001.json")));
        Assert.Equal("abc0001.localhost", file.RootElement.GetProperty("host").GetString());
        var services = file.RootElement.GetProperty("services");
        Assert.Equal(["api", "ingest", "web"], services.EnumerateObject().Select(service => service.Name).Order());
        Assert.Equal(Of("abc0001", "ingest").Url, services.GetProperty("ingest")[0].GetString());
    }

    [Fact]
    public void A_stacks_folder_can_be_entered_by_its_owner_only()
    {
        var mode = File.GetUnixFileMode(_folder.Stack("abc0001"));

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, mode);
    }

    private ServicePlan Of(string code, string service) => _plan.Services.Single(plan => plan.Stack!.Code == code && plan.Service.Name == service);
}
