using Microsoft.AspNetCore.Http;

namespace Portal.Gateway.Tests;

public sealed class ProbeTests
{
    private const string Host = "abc0001.localhost";
    private static readonly Dictionary<string, string> Probing = new() { ["Gateway:ProbeInterval"] = "00:00:01" };

    [Fact]
    public async Task An_address_that_is_not_ready_is_left_out_before_anybody_asks_it_and_comes_back_by_itself()
    {
        var ready = true;
        await using var first = await Backend.StartAsync("first", http =>
        {
            http.Response.StatusCode = Volatile.Read(ref ready) ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
            return http.Response.WriteAsync("first");
        });
        await using var second = await Backend.StartAsync("second");
        await using var gateway = await StartAsync(("api", first.Address), ("api", second.Address));
        await UntilAsync(gateway, first, "healthy");
        await UntilAsync(gateway, second, "healthy");

        Volatile.Write(ref ready, false);
        await UntilAsync(gateway, first, "unhealthy");
        for (var i = 0; i < 20; i++)
        {
            using var response = await gateway.GetAsync(Host, "/api/sites");
            Assert.Equal("second", response.Headers.GetValues("Answered-By").Single());
        }

        Volatile.Write(ref ready, true);
        await UntilAsync(gateway, first, "healthy");
        await Eventually.TrueAsync("the first one is asked again", async () =>
        {
            using var response = await gateway.GetAsync(Host, "/api/sites");
            return response.Headers.GetValues("Answered-By").Single() == "first";
        });
    }

    [Fact]
    public async Task Where_no_address_is_ready_all_are_asked_and_say_themselves_what_is_wrong()
    {
        await using var api = await Backend.StartAsync("api", http =>
        {
            http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return http.Response.WriteAsync("the database is away");
        });
        await using var gateway = await StartAsync(("api", api.Address));
        await UntilAsync(gateway, api, "unhealthy");

        using var response = await gateway.GetAsync(Host, "/api/sites");
        Assert.Equal("the database is away", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Each_service_is_asked_where_it_says_that_it_is_ready_by_the_name_of_its_stack()
    {
        await using var api = await Backend.StartAsync("api");
        await using var grafana = await Backend.StartAsync("grafana");
        await using var gateway = await StartAsync(("api", api.Address), ("grafana", grafana.Address));
        await UntilAsync(gateway, api, "healthy");
        await UntilAsync(gateway, grafana, "healthy", "grafana");

        Assert.All(api.Seen, probe => Assert.Equal(("/health/ready", Host), (probe.Target, probe.Headers["Host"])));
        Assert.All(grafana.Seen, probe => Assert.Equal("/grafana/api/health", probe.Target));
        // A probe signs nobody in.
        Assert.DoesNotContain(grafana.Seen, probe => probe.Headers.Keys.Any(name => name.Contains("webauth", StringComparison.OrdinalIgnoreCase)));
    }

    private static Task UntilAsync(GatewayHost gateway, Backend backend, string health, string service = "api") =>
        Eventually.TrueAsync($"{backend.Address} is {health}", async () =>
            (await gateway.StatusAsync()).GetProperty("stacks")[0].GetProperty("services").GetProperty(service).EnumerateArray()
                .Any(address => address.GetProperty("address").GetString() == backend.Address && address.GetProperty("health").GetString() == health));

    private static Task<GatewayHost> StartAsync(params (string Service, string Address)[] services)
    {
        var folder = GatewayHost.NewFolder();
        GatewayHost.Write(folder, "abc0001.json", GatewayHost.Stack(Host, services));
        return GatewayHost.StartAsync(Probing, folder);
    }
}
