using Npgsql;
using Portal.AppHost.Tests.CommandLine;
using Portal.AppHost.Tests.EndToEnd;
using Portal.Testing;

namespace Portal.AppHost.Tests.Guides;

/// <summary>What of the operations guide can run here, run: publishing as it is typed, and the statements and log lines of real services on a real database.</summary>
public sealed class GuideRunTests : IDisposable
{
    private const string Stacks = "/srv/portal";

    private readonly string _folder = Directory.CreateTempSubdirectory("tau-test-guide-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Publishing_and_images_show_what_the_guide_says()
    {
        var commands = OperationsGuide.Commands("bash").Where(command => command.Line.StartsWith("./portal publish ", StringComparison.Ordinal)
            || (command.Line.StartsWith("./portal images", StringComparison.Ordinal) && command.Line.Contains("--dry-run", StringComparison.Ordinal))).DistinctBy(command => command.Line).ToList();
        Assert.True(commands.Count >= 5, $"only {commands.Count} commands found");

        foreach (var command in commands)
        {
            var words = command.Words.Skip(1).Select(word => word.Replace(Stacks, _folder, StringComparison.Ordinal)).ToArray();
            var (exitCode, output) = await PortalProgram.RunAsync(_folder, words);
            Assert.True(exitCode == 0, $"{command.Line}: {output}");
            Assert.All(command.Expected, expected => Assert.Contains(expected, output, StringComparison.Ordinal));
        }

        Assert.True(File.Exists(Path.Combine(_folder, "abc0001", "edge", "abc0001.json")));
        Assert.True(File.Exists(Path.Combine(_folder, "admin", "edge", "admin.json")));
        Assert.True(Directory.Exists(Path.Combine(_folder, "edge", "gateway", "stacks")));
        var variables = await File.ReadAllTextAsync(Path.Combine(_folder, "abc0001", ".env"));
        Assert.All((string[])["COMPOSE_PROJECT_NAME=abc0001\n", "CUSTOMER_HOST=abc0001.portal.example.com\n", "POSTGRES_DB=power_monitoring\n", "POSTGRES_USER=power_user\n"],
            line => Assert.Contains(line, variables, StringComparison.Ordinal));
    }

    [PostgresFact]
    public async Task A_customers_statements_run_and_its_first_start_logs_what_the_guide_greps_for()
    {
        var database = await PostgresServer.CreateDatabaseAsync("guide");
        var log = Path.Combine(_folder, "portal.log");
        await using (await HandmadeService.StartAsync("Portal.Api", log, Settings(database, "Client"))) await RunAsync(database, OperationsGuide.Statements("sql"));

        var lines = await File.ReadAllTextAsync(log);
        var expected = OperationsGuide.Commands("bash").Single(command => command.Line.Contains("Applied migration|Seeded|hypertable", StringComparison.Ordinal)).Expected;
        Assert.Equal(3, expected.Count);
        // Plain PostgreSQL says so in the same line.
        Assert.All([.. expected, "Database connection resolved via ConnectionStrings__portal", "Partitioned table for monitoring.PowerMeasurements is ready"],
            line => Assert.Contains(line, lines, StringComparison.Ordinal));
        Assert.DoesNotContain("Failed", lines, StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task The_fleets_statements_run()
    {
        var database = await PostgresServer.CreateDatabaseAsync("guide_fleet");
        await using var aggregator = await HandmadeService.StartAsync("Fleet.Aggregator", Path.Combine(_folder, "aggregator.log"), Settings(database, "Admin"));

        await RunAsync(database, [.. OperationsGuide.Statements("fleetsql"), "SELECT \"BatchType\",\"RowsAccepted\",\"ReceivedAt\" FROM fleet.\"IngestEvents\" ORDER BY \"ReceivedAt\" DESC LIMIT 10"]);
    }

    private Dictionary<string, string?> Settings(string database, string mode) => new()
    {
        ["ASPNETCORE_ENVIRONMENT"] = "Production",
        ["Application__RunMode"] = mode,
        ["ConnectionStrings__portal"] = database,
        ["Database__TimeSeries"] = "postgres",
        ["Authentication__DefaultAdminEmail"] = "admin@portal.local",
        ["Authentication__DefaultAdminPassword"] = "Portal-dev-1",
        ["DataProtection__KeysPath"] = Path.Combine(_folder, "keys"),
        ["Branding__Path"] = Path.Combine(_folder, "branding"),
        ["services__api__http__0"] = "http://127.0.0.1:1",
    };

    private static async Task RunAsync(string database, IReadOnlyList<string> statements)
    {
        Assert.NotEmpty(statements);
        await using var source = NpgsqlDataSource.Create(database);
        foreach (var statement in statements)
        {
            await using var command = source.CreateCommand(statement);
            await command.ExecuteNonQueryAsync();
        }
    }
}
