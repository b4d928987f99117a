using Fleet.Aggregator.Storage;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Npgsql;
using Portal.Testing;

namespace Fleet.Aggregator.Tests;

/// <summary>The aggregator on a database of its own, beside a stack's API. One per test class.</summary>
public sealed class AggregatorApp : IAsyncLifetime
{
    private WebApplicationFactory<FleetDbContext>? factory;

    public StackApi Api { get; private set; } = null!;

    public NpgsqlDataSource Database { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Api = await StackApi.StartAsync();
        var connectionString = await PostgresServer.CreateDatabaseAsync("fleet");
        Database = NpgsqlDataSource.Create(connectionString);
        factory = new WebApplicationFactory<FleetDbContext>().WithWebHostBuilder(host =>
        {
            host.UseSetting("ConnectionStrings:portal", connectionString);
            host.UseSetting("services:api:http:0", Api.Url);
        });
        await ReadyAsync();
    }

    /// <summary>A client with the session of somebody in this role; null: not signed in.</summary>
    public HttpClient As(string? role)
    {
        var client = factory!.CreateClient(new WebApplicationFactoryClientOptions { AllowAutoRedirect = false, HandleCookies = false });
        if (role is not null)
        {
            client.DefaultRequestHeaders.Add("Cookie", $"portal-session={role}");
        }

        return client;
    }

    public async Task DisposeAsync()
    {
        await factory!.DisposeAsync();
        await Database.DisposeAsync();
        await Api.DisposeAsync();
    }

    private async Task ReadyAsync()
    {
        using var client = As(null);
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (!(await client.GetAsync("/health/ready", deadline.Token)).IsSuccessStatusCode)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, deadline.Token);
        }
    }
}
