using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.WebSockets;
using System.Text.Json;
using Portal.AppHost.Local;
using Portal.Gateway.Tests.Tls;

namespace Portal.Gateway.Tests;

/// <summary>The built program as an engine starts it: environment in, JSON lines out, a signal to end.</summary>
public sealed class ProcessTests
{
    [Fact]
    public async Task It_starts_from_the_environment_alone_writes_json_lines_and_ends_on_a_signal()
    {
        var folder = GatewayHost.NewFolder();
        GatewayHost.Write(folder, "bad.json", """{ "host": "bad.localhost", "services": { "api": ["file:///etc"] } }""");
        using var gateway = Start(new()
        {
            ["ASPNETCORE_URLS"] = "http://127.0.0.1:0;http://127.0.0.1:0",
            ["Gateway__RoutesPath"] = folder,
            ["Gateway__StatusPort"] = "1",
        });

        // Nobody listens on port 1: the address that was meant is named, with what there is.
        await gateway.EndAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(1, gateway.Process.ExitCode);
        Assert.All(gateway.Lines, line => JsonDocument.Parse(line));
        Assert.Contains(gateway.Lines, line => line.Contains("Gateway__StatusPort is 1, ASPNETCORE_URLS has the ports", StringComparison.Ordinal));
        Assert.Contains(gateway.Lines, line => line.StartsWith('{') && JsonDocument.Parse(line).RootElement.GetProperty("@m").GetString()!.StartsWith(
            "Refused bad.json, field services.api[0]: it is \"file:///etc\"", StringComparison.Ordinal));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task It_ends_within_seconds_on_SIGTERM_also_with_a_circuit_open()
    {
        await using var web = await Backend.StartAsync("web");
        var folder = GatewayHost.NewFolder();
        GatewayHost.Write(folder, "abc0001.json", GatewayHost.Stack("abc0001.localhost", ("web", web.Address)));
        var port = FreePort.Next();
        using var gateway = Start(new()
        {
            ["ASPNETCORE_URLS"] = $"http://127.0.0.1:0;http://127.0.0.1:{port}",
            ["Gateway__RoutesPath"] = folder,
            ["Gateway__StatusPort"] = $"{port}",
        });
        await UntilReadyAsync(port);

        // Not on the status port: there are no stacks there.
        Uri? open = null;
        await Eventually.TrueAsync("it says where it listens", () => Task.FromResult((open = gateway.Lines.Select(line => JsonDocument.Parse(line).RootElement)
            .Where(line => line.TryGetProperty("address", out _)).Select(line => new Uri(line.GetProperty("address").GetString()!)).FirstOrDefault(uri => uri.Port != port)) is not null));
        using var circuit = new ClientWebSocket();
        circuit.Options.SetRequestHeader("Host", "abc0001.localhost");
        await circuit.ConnectAsync(new Uri($"ws://127.0.0.1:{open!.Port}/_blazor"), CancellationToken.None);

        using var kill = Process.Start("kill", ["-TERM", $"{gateway.Process.Id}"]);
        await gateway.EndAsync(TimeSpan.FromSeconds(10));

        Assert.Equal(0, gateway.Process.ExitCode);
        Assert.All(gateway.Lines, line => JsonDocument.Parse(line));
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("https://localhost")]
    [InlineData("https://127.0.0.1")]
    [InlineData("https://*")]
    public async Task It_ends_TLS_at_the_https_address_of_its_environment(string address)
    {
        var (folder, certificates) = (GatewayHost.NewFolder(), Authority.NewFolder());
        var pair = Authority.Issue("abc0001.example.com");
        Authority.WriteAsCertbot(certificates, "abc0001.example.com", 1, pair);
        var (port, tls) = (FreePort.Next(), FreePort.Next());
        using var gateway = Start(new()
        {
            ["ASPNETCORE_URLS"] = $"http://127.0.0.1:0;{address}:{tls};http://127.0.0.1:{port}",
            ["Gateway__RoutesPath"] = folder,
            ["Gateway__StatusPort"] = $"{port}",
            ["Tls__CertificatesPath"] = certificates,
        });
        await UntilReadyAsync(port);

        Assert.Equal(pair.Serial, await TlsClient.SerialAsync(tls, "abc0001.example.com"));
        Assert.Null(await TlsClient.SerialAsync(tls, "nobody.example.com"));
        Directory.Delete(folder, recursive: true);
        Directory.Delete(certificates, recursive: true);
    }

    [Fact]
    public async Task Settings_of_TLS_that_do_not_go_together_are_all_named_at_once()
    {
        using var gateway = Start(new()
        {
            ["ASPNETCORE_URLS"] = "https://127.0.0.1:1;http://127.0.0.1:2",
            ["Gateway__RoutesPath"] = Path.GetTempPath(),
            ["Gateway__StatusPort"] = "2",
            ["Gateway__TrustedForwarders"] = "10.0.0.0/8, everybody",
            ["Tls__PublicPort"] = "0",
            ["Tls__AcmeWebRoot"] = "/nowhere/at/all",
            ["Tls__AcmeAddress"] = "acme:80",
        });

        await gateway.EndAsync(TimeSpan.FromSeconds(60));

        Assert.NotEqual(0, gateway.Process.ExitCode);
        foreach (var option in new[]
        {
            "Gateway__TrustedForwarders is '10.0.0.0/8, everybody'", "Tls__CertificatesPath is not set", "Tls__PublicPort is 0",
            "Tls__AcmeWebRoot is '/nowhere/at/all'", "Tls__AcmeAddress is 'acme:80'", "are both set",
        })
            Assert.Contains(gateway.Lines, line => line.Contains(option, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Settings_that_are_missing_are_all_named_at_once()
    {
        using var gateway = Start(new() { ["Gateway__PollInterval"] = "00:00:00" });

        await gateway.EndAsync(TimeSpan.FromSeconds(60));

        Assert.NotEqual(0, gateway.Process.ExitCode);
        foreach (var option in new[] { "Gateway__RoutesPath is not set", "Gateway__StatusPort is 0", "Gateway__PollInterval is 00:00:00" })
            Assert.Contains(gateway.Lines, line => line.Contains(option, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Others_are_answered_while_somebody_sends_and_reads_as_fast_as_the_machine_can()
    {
        await using var web = await Backend.StartAsync("web");
        await using var ingest = await Backend.StartAsync("ingest", http => http.Request.Body.CopyToAsync(http.Response.Body, http.RequestAborted));
        var folder = GatewayHost.NewFolder();
        GatewayHost.Write(folder, "abc0001.json", GatewayHost.Stack("abc0001.localhost", ("web", web.Address), ("ingest", ingest.Address)));
        var (port, status) = (FreePort.Next(), FreePort.Next());
        using var gateway = Start(new()
        {
            ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port};http://127.0.0.1:{status}",
            ["Gateway__RoutesPath"] = folder,
            ["Gateway__StatusPort"] = $"{status}",
        });
        await UntilReadyAsync(status);
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), DefaultRequestHeaders = { Host = "abc0001.localhost" } };
        using var enough = new CancellationTokenSource();
        var body = new byte[16 * 1024 * 1024];

        // More of them than the gateway has threads for its sockets.
        var busy = Enumerable.Range(0, 2 * Environment.ProcessorCount).Select(_ => Task.Run(async () =>
        {
            while (true)
            {
                using var echoed = await client.PostAsync("/api/ingest/echo", new ByteArrayContent(body), enough.Token);
                Assert.True(echoed.IsSuccessStatusCode);
            }
        })).ToList();
        await Eventually.TrueAsync("the first bodies are on their way", () => Task.FromResult(!ingest.Seen.IsEmpty));
        for (var asked = 0; asked < 20; asked++) Assert.Equal("web", await client.GetStringAsync("/"));

        await enough.CancelAsync();
        foreach (var one in busy) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => one);
        Directory.Delete(folder, recursive: true);
    }

    private static async Task UntilReadyAsync(int statusPort)
    {
        using var client = new HttpClient();
        await Eventually.TrueAsync("the process is ready", async () =>
        {
            try
            {
                return await client.GetStringAsync($"http://127.0.0.1:{statusPort}/health/ready") == "Healthy";
            }
            catch (HttpRequestException)
            {
                return false;
            }
        });
    }

    private static RunningGateway Start(Dictionary<string, string> environment) => new(environment);

    private sealed class RunningGateway : IDisposable
    {
        private readonly ConcurrentQueue<string> lines = new();

        public RunningGateway(Dictionary<string, string> environment)
        {
            var start = new ProcessStartInfo("dotnet", [typeof(Program).Assembly.Location])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                // A content root without settings files.
                WorkingDirectory = Path.GetTempPath(),
            };
            foreach (var (name, value) in environment) start.Environment[name] = value;
            Process = Process.Start(start)!;
            Process.OutputDataReceived += (_, line) => Keep(line.Data);
            Process.ErrorDataReceived += (_, line) => Keep(line.Data);
            Process.BeginOutputReadLine();
            Process.BeginErrorReadLine();
        }

        public Process Process { get; }

        public IReadOnlyCollection<string> Lines => lines;

        public Task EndAsync(TimeSpan deadline) => Process.WaitForExitAsync().WaitAsync(deadline);

        public void Dispose()
        {
            if (!Process.HasExited) Process.Kill();
            Process.Dispose();
        }

        private void Keep(string? line)
        {
            if (!string.IsNullOrEmpty(line)) lines.Enqueue(line);
        }
    }
}
