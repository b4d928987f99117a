using System.Diagnostics;
using Npgsql;
using Portal.AppHost.Local;
using Portal.AppHost.Tests.CommandLine;
using Portal.Testing;

namespace Portal.AppHost.Tests.Guides;

/// <summary>What a deployer sees in a container's log when variables are missing: of every service one line, with all of them.</summary>
public sealed class StartMessageTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tau-test-start-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("Portal.Api", "", "POSTGRES_PASSWORD", "Authentication__DefaultAdminEmail", "Authentication__DefaultAdminPassword", "DataProtection__KeysPath")]
    [InlineData("Portal.Api", "Oidc__Authority=https://login.example.com", "POSTGRES_PASSWORD", "Application__PublicUrl", "Oidc__ClientId", "Oidc__ClientSecret")]
    [InlineData("Portal.Ingest", "FleetIngest__Enabled=true", "POSTGRES_PASSWORD", "FleetIngest__Url", "FleetIngest__TokenFile")]
    [InlineData("Portal.Web", "Application__RunMode=Admin", "services__api__http__0", "services__aggregator__http__0", "DataProtection__KeysPath")]
    [InlineData("Portal.Gateway", "", "Gateway__RoutesPath", "Gateway__StatusPort")]
    [InlineData("Portal.Gateway", "Gateway__StatusPort=many", "Gateway:StatusPort", "many")]
    [InlineData("Portal.Gateway", "Logging__LogLevel__Npgsql=Loud", "Gateway__RoutesPath", "Logging:LogLevel:Npgsql")]
    [InlineData("Portal.Gateway", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT=prometheus", "Gateway__RoutesPath", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT")]
    [InlineData("Fleet.Aggregator", "Push__MaxBufferedMiB=1", "POSTGRES_PASSWORD", "services__api__http__0", "MaxBufferedMiB")]
    public async Task A_start_without_what_it_needs_names_all_of_it_in_one_line(string project, string setting, params string[] named)
    {
        // Nobody can write below a file.
        var file = Path.Combine(_folder, "file");
        await File.WriteAllTextAsync(file, "");
        var settings = new Dictionary<string, string> { ["DataProtection__KeysPath"] = Path.Combine(file, "keys") };
        if (setting.Split('=') is [var variable, var given]) settings[variable] = given;

        var (exitCode, output) = await RunAsync(project, settings);

        Assert.Equal(1, exitCode);
        var line = Assert.Single(output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("Not started, its settings are wrong: ", line, StringComparison.Ordinal);
        Assert.All(named, name => Assert.Contains(name, line, StringComparison.Ordinal));
    }

    [PostgresFact]
    public async Task A_database_that_refuses_the_portal_ends_it_with_the_reason()
    {
        // Refused whatever the server's rules of authentication are: there is no such role.
        var database = new NpgsqlConnectionStringBuilder(await PostgresServer.CreateDatabaseAsync("start")) { Username = "nobody_of_that_name", Password = "wrong" };
        var (exitCode, output) = await RunAsync("Portal.Api", new()
        {
            ["ConnectionStrings__portal"] = database.ConnectionString,
            ["Authentication__DefaultAdminEmail"] = "admin@portal.local",
            ["Authentication__DefaultAdminPassword"] = "Portal-dev-1",
            ["DataProtection__KeysPath"] = Path.Combine(_folder, "keys"),
        });

        Assert.NotEqual(0, exitCode);
        Assert.Contains("Failed to reach the database: 28", output, StringComparison.Ordinal); // 28P01, or 28000: the classes of refused credentials
        Assert.DoesNotContain("Password=", output, StringComparison.Ordinal);
    }

    private async Task<(int ExitCode, string Output)> RunAsync(string project, Dictionary<string, string> settings)
    {
        var start = new ProcessStartInfo(Repository.Dotnet, [PortalProgram.Repository.Program(project)]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _folder };
        start.Environment.Clear();
        foreach (var name in (string[])["PATH", "HOME", "DOTNET_ROOT"])
            if (Environment.GetEnvironmentVariable(name) is { } value) start.Environment[name] = value;
        start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        foreach (var (name, value) in settings) start.Environment[name] = value;

        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        try
        {
            var output = await process.StandardOutput.ReadToEndAsync().WaitAsync(TimeSpan.FromMinutes(2));
            await process.WaitForExitAsync();
            return (process.ExitCode, output + await errors);
        }
        finally
        {
            if (!process.HasExited) process.Kill();
        }
    }
}
