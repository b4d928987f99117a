using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Portal.AppHost.Local;

namespace Portal.Gateway.Tests;

/// <summary>
/// The gateway as its <c>Program</c> builds it, on a Kestrel with real sockets: a public port, the status port and a
/// folder of stack files of its own.
/// </summary>
public sealed class GatewayHost : IAsyncDisposable
{
    private readonly WebApplicationFactory<Program> factory;

    private GatewayHost(WebApplicationFactory<Program> factory, string folder, Uri open, Uri status)
    {
        (this.factory, Folder, PublicAddress, StatusAddress) = (factory, folder, open, status);
        // Connections are the test's own: what the gateway answers is seen, not what a client makes of it.
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ActivityHeadersPropagator = null })
        {
            BaseAddress = open,
        };
        StatusClient = new HttpClient { BaseAddress = status };
    }

    public string Folder { get; }

    public Uri PublicAddress { get; }

    public Uri StatusAddress { get; }

    /// <summary>Where it ends TLS; only where the settings have <c>Tls:CertificatesPath</c>.</summary>
    public int TlsPort { get; private init; }

    public HttpClient Client { get; }

    public HttpClient StatusClient { get; }

    public IServiceProvider Services => factory.Services;

    public FakeLogCollector Log => factory.Services.GetFakeLogCollector();

    /// <summary>Starts with the files that are in <paramref name="folder"/>, or in a new one.</summary>
    public static async Task<GatewayHost> StartAsync(
        Dictionary<string, string>? settings = null, string? folder = null, Action<IServiceCollection>? services = null)
    {
        folder ??= NewFolder();
        var statusPort = FreePort.Next();
        var tlsPort = settings?.ContainsKey("Tls:CertificatesPath") == true ? FreePort.Next() : 0;
        var factory = new WebApplicationFactory<Program>().WithWebHostBuilder(host =>
        {
            host.UseSetting("Gateway:RoutesPath", folder);
            host.UseSetting("Gateway:StatusPort", $"{statusPort}");
            if (tlsPort > 0) host.UseSetting("urls", $"https://127.0.0.1:{tlsPort}");
            // A reload that a test sees came by the watcher, unless the test is about polling.
            host.UseSetting("Gateway:PollInterval", "01:00:00");
            // Backends are asked what a test asks, unless the test is about probes.
            host.UseSetting("Gateway:ProbeInterval", "00:00:00");
            foreach (var (key, value) in settings ?? []) host.UseSetting(key, value);
            host.ConfigureLogging(logging => logging.AddFakeLogging());
            if (services is not null) host.ConfigureServices(services);
        });
        factory.UseKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Listen(IPAddress.Loopback, statusPort);
            if (tlsPort > 0) kestrel.Listen(IPAddress.Loopback, tlsPort);
        });
        factory.StartServer();

        var addresses = factory.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Select(a => new Uri(a));
        var gateway = new GatewayHost(factory, folder, addresses.First(a => a.Port != statusPort && a.Port != tlsPort), new Uri($"http://127.0.0.1:{statusPort}"))
        {
            TlsPort = tlsPort,
        };
        await Eventually.TrueAsync("the gateway is ready", async () =>
            (await gateway.StatusClient.GetAsync("/health/ready")).StatusCode == HttpStatusCode.OK);
        return gateway;
    }

    public static string NewFolder() => Directory.CreateTempSubdirectory("portal-gateway-").FullName;

    /// <summary>Writes a stack file as the engines do: beside the final name, then renamed.</summary>
    public static void Write(string folder, string file, string json)
    {
        var temporary = Path.Combine(folder, file + ".new");
        File.WriteAllText(temporary, json);
        File.Move(temporary, Path.Combine(folder, file), overwrite: true);
    }

    public static string Stack(string host, params (string Service, string Address)[] services) => JsonSerializer.Serialize(new
    {
        host,
        services = services.GroupBy(s => s.Service).ToDictionary(g => g.Key, g => g.Select(s => s.Address).ToArray()),
    });

    public void Write(string file, string json) => Write(Folder, file, json);

    public Task<HttpResponseMessage> GetAsync(string host, string path) => SendAsync(host, new HttpRequestMessage(HttpMethod.Get, path));

    public Task<HttpResponseMessage> SendAsync(string host, HttpRequestMessage request)
    {
        request.Headers.Host = host;
        return Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>Waits until this many changes of routes are in force.</summary>
    public Task RoutedAsync(int revision) =>
        Eventually.TrueAsync(
            "the change is routed",
            async () => await StatusAsync() is var status && status.GetProperty("revision").GetInt32() == revision && status.GetProperty("applied").GetBoolean());

    public async Task<JsonElement> StatusAsync() =>
        JsonDocument.Parse(await StatusClient.GetStringAsync("/gateway/status")).RootElement;

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        StatusClient.Dispose();
        await factory.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}
