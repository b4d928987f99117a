using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Portal.Api.Application;
using Portal.Contracts.Auth;
using Portal.Contracts.Users;
using Portal.Data;
using Portal.Testing;

namespace Portal.Api.Tests;

// Any public type of the API names its entry point; there is more than one Program in the references.
/// <summary>The API as it runs, on a socket of its own with a database of its own; only the clock is the test's.</summary>
public class ApiHost : WebApplicationFactory<ApplicationOptions>, IAsyncLifetime
{
    public const string AdminEmail = "admin@portal.local";
    public const string AdminPassword = "Portal-dev-1";
    private static int users;

    private readonly CountingHasher hasher = new();

    /// <summary>Folder of the key ring.</summary>
    public string KeysPath { get; } = Directory.CreateTempSubdirectory("portal-api-keys-").FullName;

    /// <summary>Folder of the logo.</summary>
    public string BrandingPath { get; } = Directory.CreateTempSubdirectory("portal-api-branding-").FullName;

    public FakeTimeProvider Clock { get; } = new(TimeProvider.System.GetUtcNow());

    /// <summary>Set before start; what the environment would say.</summary>
    public Dictionary<string, string?> Settings { get; } = new()
    {
        ["Authentication:DefaultAdminEmail"] = AdminEmail,
        ["Authentication:DefaultAdminPassword"] = AdminPassword,
        ["Application:PublicUrl"] = "http://abc0001.localhost:8080",
    };

    public string Connection { get; set; } = "";

    public string Environment { get; set; } = "Production";

    /// <summary>How many passwords were compared with a hash.</summary>
    public int PasswordsChecked => hasher.Checked;

    /// <summary>What the service logged, by line.</summary>
    public LogLines Log { get; } = new();

    public Uri Address => ClientOptions.BaseAddress;

    public async Task InitializeAsync()
    {
        if (PostgresServer.Missing is not null && System.Environment.GetEnvironmentVariable("CI") != "true") return;
        if (Connection.Length == 0) Connection = await PostgresServer.CreateDatabaseAsync("api");
        UseKestrel(0);
        StartServer();
        using var client = Client();
        await Until.TrueAsync(async () => (await client.GetAsync("/health/ready")).IsSuccessStatusCode, "the API is ready");
    }

    async Task IAsyncLifetime.DisposeAsync()
    {
        await DisposeAsync();
        Directory.Delete(KeysPath, recursive: true);
        Directory.Delete(BrandingPath, recursive: true);
    }

    /// <summary>A program with a cookie jar of its own, not signed in.</summary>
    public HttpClient Client() =>
        new(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() }) { BaseAddress = Address };

    /// <summary>A program that keeps no cookies: the test sends them itself.</summary>
    public HttpClient BareClient() => new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = Address };

    public Task<HttpClient> AdminAsync() => SignedInAsync(AdminEmail, AdminPassword);

    public async Task<HttpClient> ViewerAsync()
    {
        var (email, password) = await NewUserAsync(Roles.Viewer);
        return await SignedInAsync(email, password);
    }

    public async Task<HttpClient> SignedInAsync(string email, string password)
    {
        var client = Client();
        using var answer = await client.PostAsJsonAsync("/api/auth/login", new LoginRequest(email, password));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return client;
    }

    public async Task<(string Email, string Password)> NewUserAsync(string role)
    {
        var email = $"person{Interlocked.Increment(ref users)}@portal.local";
        using var admin = await AdminAsync();
        using var answer = await admin.PostAsJsonAsync("/api/users", new UserCreateRequest(email, "Correct-horse-7", role));
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return (email, "Correct-horse-7");
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment(Environment);
        builder.UseSetting("ConnectionStrings:portal", Connection);
        builder.UseSetting("Database:TimeSeries", "postgres");
        builder.UseSetting("DataProtection:KeysPath", KeysPath);
        builder.UseSetting("Branding:Path", BrandingPath);
        foreach (var (key, value) in Settings) if (value is not null) builder.UseSetting(key, value);
        builder.ConfigureTestServices(services =>
        {
            services.AddSingleton<TimeProvider>(Clock);
            // Meters' posts go the way that ingest has them go.
            services.AddMeasurementWriter();
            // What is tested is not PBKDF2's cost.
            services.PostConfigure<PasswordHasherOptions>(options => options.IterationCount = 1_000);
            services.AddSingleton<IPasswordHasher<PortalUser>>(hasher);
            services.AddSingleton<ILoggerProvider>(Log);
        });
    }
}

/// <summary>Identity's hasher at a price for tests, with a tally.</summary>
internal sealed class CountingHasher() : PasswordHasher<PortalUser>(Options.Create(new PasswordHasherOptions { IterationCount = 1_000 }))
{
    private int checks;

    public int Checked => checks;

    public override PasswordVerificationResult VerifyHashedPassword(PortalUser user, string hashedPassword, string providedPassword)
    {
        Interlocked.Increment(ref checks);
        return base.VerifyHashedPassword(user, hashedPassword, providedPassword);
    }
}

/// <summary>Keeps what a service under test logs; it goes with the test.</summary>
public sealed class LogLines : ILoggerProvider, ILogger
{
    private readonly System.Collections.Concurrent.ConcurrentQueue<string> lines = new();

    public IEnumerable<string> All => lines;

    public ILogger CreateLogger(string categoryName) => this;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        lines.Enqueue(formatter(state, exception));

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public void Dispose()
    {
    }
}

/// <summary>Waits for a condition with a generous deadline.</summary>
internal static class Until
{
    public static async Task TrueAsync(Func<Task<bool>> condition, string what)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(60), $"Waited a minute until {what}.");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
    }
}
