using System.Net;
using Microsoft.Extensions.Logging;

namespace Portal.Gateway.Tests;

public sealed class ReloadTests : IAsyncLifetime
{
    private const string Host = "abc0001.localhost";

    private Backend first = null!;
    private Backend second = null!;
    private GatewayHost gateway = null!;

    public async Task InitializeAsync()
    {
        first = await Backend.StartAsync("first");
        second = await Backend.StartAsync("second");
        gateway = await GatewayHost.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await gateway.DisposeAsync();
        await first.DisposeAsync();
        await second.DisposeAsync();
    }

    [Fact]
    public async Task A_file_that_appears_changes_and_goes_takes_its_stack_along()
    {
        Assert.Null(await AnsweredByAsync(Host));

        gateway.Write("abc0001.json", GatewayHost.Stack(Host, ("web", first.Address)));
        await UntilAnsweredByAsync("first", Host);

        gateway.Write("abc0001.json", GatewayHost.Stack(Host, ("web", second.Address)));
        await UntilAnsweredByAsync("second", Host);

        gateway.Write("abc0001.json", GatewayHost.Stack("moved.localhost", ("web", second.Address)));
        await UntilAnsweredByAsync("second", "moved.localhost");
        Assert.Null(await AnsweredByAsync(Host));

        File.Delete(Path.Combine(gateway.Folder, "abc0001.json"));
        await UntilAnsweredByAsync(null, "moved.localhost");
        Assert.Contains(gateway.Log.GetSnapshot(), line => line.Message.Contains("No longer routing moved.localhost", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_bad_file_is_refused_with_file_field_and_reason_and_the_last_good_routes_stay()
    {
        gateway.Write("abc0001.json", GatewayHost.Stack(Host, ("web", first.Address)));
        gateway.Write("xyz0002.json", GatewayHost.Stack("xyz0002.localhost", ("web", second.Address)));
        await UntilAnsweredByAsync("first", Host);
        await UntilAnsweredByAsync("second", "xyz0002.localhost");

        gateway.Write("abc0001.json", """{ "host": "abc0001.localhost", "services": { "web": ["ftp://files"] } }""");
        await UntilRefusedAsync(1, gateway);

        var line = Assert.Single(gateway.Log.GetSnapshot(), line => line.Level == LogLevel.Error);
        Assert.Contains("Refused abc0001.json, field services.web[0]: it is \"ftp://files\"", line.Message, StringComparison.Ordinal);
        Assert.Contains("The last good routes of this stack stay", line.Message, StringComparison.Ordinal);
        Assert.Equal("first", await AnsweredByAsync(Host));

        // Other stacks go on changing meanwhile, and the mended file is taken.
        gateway.Write("xyz0002.json", GatewayHost.Stack("xyz0002.localhost", ("web", first.Address)));
        await UntilAnsweredByAsync("first", "xyz0002.localhost");
        gateway.Write("abc0001.json", GatewayHost.Stack(Host, ("web", second.Address)));
        await UntilAnsweredByAsync("second", Host);
        Assert.Equal(0, (await gateway.StatusAsync()).GetProperty("refused").GetArrayLength());
    }

    [Fact]
    public async Task A_host_that_another_file_has_is_refused_until_that_file_lets_it_go()
    {
        // By its name the newcomer would come first; the one in use stays all the same.
        gateway.Write("b.json", GatewayHost.Stack(Host, ("web", first.Address)));
        await UntilAnsweredByAsync("first", Host);

        gateway.Write("a.json", GatewayHost.Stack(Host, ("web", second.Address)));
        await UntilRefusedAsync(1, gateway);
        var refused = (await gateway.StatusAsync()).GetProperty("refused")[0];
        Assert.Equal("a.json", refused.GetProperty("file").GetString());
        Assert.Equal("host", refused.GetProperty("field").GetString());
        Assert.Contains("b.json", refused.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal("first", await AnsweredByAsync(Host));

        File.Delete(Path.Combine(gateway.Folder, "b.json"));
        await UntilAnsweredByAsync("second", Host);
    }

    [Fact]
    public async Task A_request_under_way_ends_on_the_routes_it_began_with()
    {
        var release = new TaskCompletionSource();
        await using var slow = await Backend.StartAsync("slow", async http =>
        {
            await http.Response.Body.WriteAsync("begun "u8.ToArray());
            await http.Response.Body.FlushAsync();
            await release.Task;
            await http.Response.Body.WriteAsync("and ended"u8.ToArray());
        });
        gateway.Write("abc0001.json", GatewayHost.Stack(Host, ("web", slow.Address)));
        // Another stack file may have been there before: only the slow backend's address says that this one is in force.
        await Eventually.TrueAsync("the stack is routed", async () =>
            await gateway.StatusAsync() is var status && status.GetProperty("applied").GetBoolean() && status.GetRawText().Contains(slow.Address, StringComparison.Ordinal));

        using var response = await gateway.GetAsync(Host, "/");
        gateway.Write("abc0001.json", GatewayHost.Stack(Host, ("web", first.Address)));
        await UntilAnsweredByAsync("first", Host);
        release.SetResult();

        Assert.Equal("begun and ended", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Changes_under_load_lose_no_request()
    {
        gateway.Write("abc0001.json", GatewayHost.Stack(Host, ("web", first.Address)));
        await UntilAnsweredByAsync("first", Host);
        using var done = new CancellationTokenSource();
        var answers = 0;
        var callers = Enumerable.Range(0, 8).Select(async caller =>
        {
            while (!done.IsCancellationRequested)
            {
                using var response = await gateway.SendAsync(Host, new HttpRequestMessage(caller % 2 == 0 ? HttpMethod.Get : HttpMethod.Post, "/"));
                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
                Assert.Contains(await response.Content.ReadAsStringAsync(), new[] { "first", "second" });
                Interlocked.Increment(ref answers);
            }
        }).ToList();

        for (var change = 0; change < 20; change++)
        {
            var (address, before) = (change % 2 == 0 ? second.Address : first.Address, Volatile.Read(ref answers));
            // Other stacks come and go as well, and one is broken meanwhile.
            gateway.Write("xyz0002.json", change % 3 == 0 ? "{" : GatewayHost.Stack("xyz0002.localhost", ("web", address)));
            gateway.Write("abc0001.json", GatewayHost.Stack(Host, ("web", address)));
            await Eventually.TrueAsync("the change is routed, and requests went on", async () =>
                Volatile.Read(ref answers) > before && (await gateway.StatusAsync()).GetProperty("stacks")[0].GetRawText().Contains(address, StringComparison.Ordinal));
        }

        await done.CancelAsync();
        await Task.WhenAll(callers);
        Assert.DoesNotContain(gateway.Log.GetSnapshot(), line => line.Message.Contains("failed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_folder_that_announces_nothing_is_polled()
    {
        // As Kubernetes projects a ConfigMap: the file is a link into a folder that is swapped elsewhere.
        var elsewhere = GatewayHost.NewFolder();
        GatewayHost.Write(elsewhere, "target.json", GatewayHost.Stack(Host, ("web", first.Address)));
        var folder = GatewayHost.NewFolder();
        File.CreateSymbolicLink(Path.Combine(folder, "abc0001.json"), Path.Combine(elsewhere, "target.json"));
        await using var polling = await GatewayHost.StartAsync(new() { ["Gateway:PollInterval"] = "00:00:00.1" }, folder);
        Assert.Equal("first", await AnsweredByAsync(Host, polling));

        GatewayHost.Write(elsewhere, "target.json", GatewayHost.Stack(Host, ("web", second.Address)));
        await UntilAnsweredByAsync("second", Host, polling);
        Directory.Delete(elsewhere, recursive: true);
    }

    [Fact]
    public async Task A_folder_that_vanishes_takes_no_stack_off_the_air()
    {
        var folder = GatewayHost.NewFolder();
        GatewayHost.Write(folder, "abc0001.json", GatewayHost.Stack(Host, ("web", first.Address)));
        await using var polling = await GatewayHost.StartAsync(new() { ["Gateway:PollInterval"] = "00:00:00.1" }, folder);

        Directory.Move(folder, folder + "-away");
        await UntilRefusedAsync(1, polling);
        Assert.Equal("first", await AnsweredByAsync(Host, polling));

        Directory.Move(folder + "-away", folder);
        await UntilRefusedAsync(0, polling);
    }

    private Task UntilAnsweredByAsync(string? name, string host, GatewayHost? asked = null) =>
        Eventually.TrueAsync($"{host} is answered by {name ?? "nobody"}", async () => await AnsweredByAsync(host, asked) == name);

    // What a refusal changed, if it changed anything, is in force by then.
    private static Task UntilRefusedAsync(int files, GatewayHost asked) => Eventually.TrueAsync($"{files} files are refused", async () =>
    {
        var status = await asked.StatusAsync();
        return status.GetProperty("refused").GetArrayLength() == files && status.GetProperty("applied").GetBoolean();
    });

    private async Task<string?> AnsweredByAsync(string host, GatewayHost? asked = null)
    {
        using var response = await (asked ?? gateway).GetAsync(host, "/");
        return response.StatusCode == HttpStatusCode.NotFound ? null : response.Headers.GetValues("Answered-By").Single();
    }
}
