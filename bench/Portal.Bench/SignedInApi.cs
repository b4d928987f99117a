using System.Net.Http.Json;

namespace Portal.Bench;

/// <summary>A stack's API on a database, and a client that is signed in as its admin, at whatever service of this machine believes that API.</summary>
internal sealed class SignedInApi : IAsyncDisposable
{
    private const string Password = "Bench-password-1";

    private readonly string folder;
    private ServiceProcess? api;

    private SignedInApi(ServiceProcess api, string folder)
    {
        (this.api, this.folder) = (api, folder);
        Address = api.Address;
        Client = new HttpClient { BaseAddress = api.Address };
    }

    public HttpClient Client { get; }

    public Uri Address { get; }

    /// <param name="runMode"><c>Client</c> or <c>Admin</c>.</param>
    /// <param name="engine">Of its time series: <c>auto</c>, <c>postgres</c> or <c>timescale</c>.</param>
    /// <param name="gathers">False: whoever fills days that are over lays them together by device as well.</param>
    public static async Task<SignedInApi> StartAsync(string connectionString, string runMode = "Client", string engine = "auto", bool gathers = true)
    {
        var folder = Directory.CreateTempSubdirectory("tau-bench-api-").FullName;
        var api = await ServiceProcess.StartAsync(
            "Portal.Api",
            connectionString,
            new()
            {
                ["Application__RunMode"] = runMode,
                ["Application__PublicUrl"] = "http://bench.localhost",
                ["Authentication__DefaultAdminEmail"] = "admin@example.com",
                ["Authentication__DefaultAdminPassword"] = Password,
                ["Database__TimeSeries"] = engine,
                ["DataProtection__KeysPath"] = Path.Combine(folder, "keys"),
                ["Measurements__GatherDays"] = gathers.ToString(),
                ["Branding__Path"] = Path.Combine(folder, "branding"),
                ["Logging__LogLevel__Default"] = "Warning",
            }
        );
        var signedIn = new SignedInApi(api, folder);
        (await signedIn.Client.PostAsJsonAsync("/api/auth/login", new { email = "admin@example.com", password = Password })).EnsureSuccessStatusCode();
        return signedIn;
    }

    /// <summary>Stops the service, and with it its jobs; the client asks nothing any more.</summary>
    public async Task StopAsync()
    {
        if (api is not null)
        {
            await api.DisposeAsync();
            api = null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await StopAsync();
        Directory.Delete(folder, recursive: true);
    }
}
