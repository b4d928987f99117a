using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Portal.Data;
using Portal.Domain.Keys;
using Portal.ServiceDefaults.Bodies;
using Portal.Testing;

namespace Portal.Ingest.Tests.Hosting;

/// <summary>The real service on Kestrel, with a database of its own and one ingest key.</summary>
public sealed class IngestHost : IAsyncDisposable
{
    private readonly WebApplicationFactory<IngestOptions> factory;

    private IngestHost(WebApplicationFactory<IngestOptions> factory, NpgsqlDataSource database, Catalogue catalogue) =>
        (this.factory, Database, Catalogue) = (factory, database, catalogue);

    public NpgsqlDataSource Database { get; }

    public Catalogue Catalogue { get; }

    /// <summary>A client without a key.</summary>
    public HttpClient Client { get; private set; } = null!;

    /// <summary>The key that <see cref="PostAsync(string, HttpContent)"/> sends.</summary>
    public IngestKeyToken Key { get; private set; } = null!;

    public IServiceProvider Services => factory.Services;

    /// <summary>Bytes that posts under way hold.</summary>
    public long MemoryHeld => Services.GetRequiredService<MemoryBudget<Guid>>().Used;

    public static async Task<IngestHost> StartAsync(
        string database,
        IReadOnlyDictionary<string, string>? settings = null,
        Action<IServiceCollection>? configure = null
    )
    {
        // Not disposed here but by the host.
#pragma warning disable CA2000
        var factory = new WebApplicationFactory<IngestOptions>().WithWebHostBuilder(web =>
        {
            web.UseEnvironment("Production");
            web.UseUrls("http://127.0.0.1:0");
            web.UseSetting("ConnectionStrings:portal", database);
            web.UseSetting("Logging:LogLevel:Default", "Warning");
            foreach (var (name, value) in settings ?? new Dictionary<string, string>())
            {
                web.UseSetting(name, value);
            }

            web.ConfigureServices(services => configure?.Invoke(services));
        });
#pragma warning restore CA2000
        factory.UseKestrel();
        factory.StartServer();
        await factory.Services.GetRequiredService<PortalSchema>().MigrateAsync(null, CancellationToken.None);

        var source = NpgsqlDataSource.Create(database);
        var catalogue = new Catalogue(source);
        return new IngestHost(factory, source, catalogue) 
        {
            Client = PlainClient(factory),
            Key = await catalogue.AddKeyAsync(),
        };
    }

    /// <summary>A host on a new database of the test run's server.</summary>
    public static async Task<IngestHost> StartNewAsync(
        string prefix,
        IReadOnlyDictionary<string, string>? settings = null,
        Action<IServiceCollection>? configure = null
    ) => await StartAsync(await PostgresServer.CreateDatabaseAsync(prefix), settings, configure);

    public Task<HttpResponseMessage> PostJsonAsync(string path, string json) =>
        PostAsync(path, new StringContent(json, Encoding.UTF8, "application/json"));

    public async Task<HttpResponseMessage> PostAsync(string path, HttpContent content)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Key.Reveal());
        return await Client.SendAsync(request);
    }

    /// <summary>Claims a serial as the API does; answers how many rows were admitted.</summary>
    public async Task<long> ClaimAsync(string serial, Guid site)
    {
        var now = TimeProvider.System.GetUtcNow();
        var device = new Device { SiteId = site, Name = serial, ExternalId = serial, Role = DeviceRole.Main, CreatedAt = now };
        var audit = new AuditEntry { At = now, Actor = "test", Action = "device.claimed", Subject = serial, Details = "{}" };
        var result = await ActivatorUtilities.CreateInstance<DeviceAdmission>(Services).CreateAsync(device, audit, CancellationToken.None);
        Assert.Equal(AdmissionOutcome.Done, result.Outcome);
        return result.AdmittedRows;
    }

    // The factory's own client follows redirects, for which it reads a request's whole body beforehand. Ours adds no trace of its own.
    private static HttpClient PlainClient(WebApplicationFactory<IngestOptions> factory)
    {
        using var client = factory.CreateClient();
        return new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ActivityHeadersPropagator = null }) { BaseAddress = client.BaseAddress };
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await factory.DisposeAsync();
        await Database.DisposeAsync();
    }
}
