using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Portal.Gateway.Tests;

public sealed class OutageTests
{
    private const string Host = "abc0001.localhost";

    [Fact]
    public async Task A_service_that_is_down_is_an_outage_and_is_found_at_once_when_it_is_back()
    {
        var api = await Backend.StartAsync("api");
        await using var gateway = await StartAsync(("api", api.Address));
        await api.DisposeAsync();

        // More often than it takes to mark the address as failed.
        for (var i = 0; i < 5; i++)
        {
            using var response = await gateway.GetAsync(Host, "/api/sites?key=pik_abcdefghijklmnopqrstuvwxyz");
            var body = await ProblemAssert.IsAsync(HttpStatusCode.ServiceUnavailable, "unavailable", response);
            Assert.DoesNotContain(api.Address, body, StringComparison.Ordinal);
            Assert.Equal(TimeSpan.FromSeconds(5), response.Headers.RetryAfter?.Delta);
        }

        var lines = gateway.Log.GetSnapshot().Where(line => line.Level >= LogLevel.Warning && line.Category!.Contains("Refusals", StringComparison.Ordinal)).ToList();
        Assert.Equal(5, lines.Count);
        Assert.All(lines, line => Assert.Contains("api of abc0001 failed GET /api/sites (Request): Connection refused", line.Message, StringComparison.Ordinal));
        Assert.DoesNotContain(gateway.Log.GetSnapshot(), line => line.Message.Contains("pik_", StringComparison.Ordinal));

        await using var again = await Backend.StartAsync("api", api.Address);
        using var back = await gateway.GetAsync(Host, "/api/sites");
        Assert.Equal("api", await back.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_service_that_breaks_off_before_its_answer_is_a_bad_gateway()
    {
        await using var api = await Backend.StartAsync("api", http =>
        {
            http.Abort();
            return Task.CompletedTask;
        });
        await using var gateway = await StartAsync(("api", api.Address));

        using var response = await gateway.SendAsync(Host, new HttpRequestMessage(HttpMethod.Post, "/api/sites") { Content = new StringContent("{}") });

        // It may have been done, so it isn't told apart as "not delivered" (503), nor tried a second time.
        await ProblemAssert.IsAsync(HttpStatusCode.BadGateway, "bad-gateway", response);
        Assert.NotNull(response.Headers.RetryAfter);
        Assert.Single(api.Seen);
    }

    [Fact]
    public async Task A_service_that_does_not_answer_is_given_up()
    {
        await using var api = await Backend.StartAsync("api", http => Task.Delay(Timeout.InfiniteTimeSpan, http.RequestAborted));
        await using var gateway = await StartAsync(new Dictionary<string, string> { ["Gateway:ActivityTimeout"] = "00:00:01" }, ("api", api.Address));

        using var response = await gateway.GetAsync(Host, "/api/sites");

        await ProblemAssert.IsAsync(HttpStatusCode.GatewayTimeout, "gateway-timeout", response);
    }

    [Fact]
    public async Task Of_two_replicas_the_dead_one_is_left_out()
    {
        await using var alive = await Backend.StartAsync("alive");
        var dead = await Backend.StartAsync("dead");
        await using var gateway = await StartAsync(("api", alive.Address), ("api", dead.Address));
        await dead.DisposeAsync();

        await Eventually.TrueAsync("the dead replica is marked", async () =>
        {
            using var response = await gateway.GetAsync(Host, "/api/sites");
            var addresses = (await gateway.StatusAsync()).GetProperty("stacks")[0].GetProperty("services").GetProperty("api");
            return addresses.EnumerateArray().Any(a => a.GetProperty("address").GetString() == dead.Address && a.GetProperty("health").GetString() == "unhealthy");
        });
        for (var i = 0; i < 20; i++)
        {
            using var response = await gateway.GetAsync(Host, "/api/sites");
            Assert.Equal("alive", await response.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task A_circuit_stays_with_the_web_replica_it_began_with()
    {
        await using var one = await Backend.StartAsync("one");
        await using var two = await Backend.StartAsync("two");
        await using var gateway = await StartAsync(("web", one.Address), ("web", two.Address));

        using var first = await gateway.GetAsync(Host, "/");
        var name = await first.Content.ReadAsStringAsync();
        var cookie = first.Headers.GetValues("Set-Cookie").Single();
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        for (var i = 0; i < 20; i++)
        {
            var request = new HttpRequestMessage(HttpMethod.Get, "/_blazor");
            request.Headers.Add("Cookie", cookie.Split(';')[0]);
            using var response = await gateway.SendAsync(Host, request);
            Assert.Equal(name, await response.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task A_caller_that_goes_away_frees_the_service_and_leaves_no_warning()
    {
        var freed = new TaskCompletionSource();
        await using var api = await Backend.StartAsync("api", async http =>
        {
            http.RequestAborted.Register(() => freed.TrySetResult());
            await Task.Delay(Timeout.InfiniteTimeSpan, http.RequestAborted);
        });
        await using var gateway = await StartAsync(("api", api.Address));

        using var leaving = new CancellationTokenSource();
        var request = gateway.Client.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/api/sites") { Headers = { Host = Host } }, leaving.Token);
        await Eventually.TrueAsync("the request has arrived", () => Task.FromResult(!api.Seen.IsEmpty));
        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
        await freed.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.DoesNotContain(gateway.Log.GetSnapshot(), line => line.Level >= LogLevel.Warning);
    }

    private static Task<GatewayHost> StartAsync(params (string Service, string Address)[] services) => StartAsync(null, services);

    private static Task<GatewayHost> StartAsync(Dictionary<string, string>? settings, params (string Service, string Address)[] services)
    {
        var folder = GatewayHost.NewFolder();
        GatewayHost.Write(folder, "abc0001.json", GatewayHost.Stack(Host, services));
        return GatewayHost.StartAsync(settings, folder);
    }
}
