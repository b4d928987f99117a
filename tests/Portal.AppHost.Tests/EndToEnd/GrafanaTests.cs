using System.Net;
using Npgsql;
using Portal.AppHost.Tests.CommandLine;
using Portal.AppHost.Tests.Processes;
using Portal.Testing;

namespace Portal.AppHost.Tests.EndToEnd;

/// <summary>A Grafana beside the stacks: started with them, reached by who is signed in, reading as its own role.</summary>
[Collection(WholeProduct.Name)]
public sealed class GrafanaTests
{
    [PostgresFact]
    public async Task It_is_started_beside_each_stack_and_gets_people_and_a_database_that_it_can_read()
    {
        using var grafana = new GrafanaProgram();
        await using var portal = new RunningPortal();
        var (exitCode, output) = await PortalProgram.RunAsync(
            portal.Folder, "up", "--engine", "local", "--detach", "--no-simulator", "--customers", "1", "--port", $"{portal.Port}", "--grafana", grafana.Program);
        Assert.True(exitCode == 0, output);
        Assert.Contains($"Grafana: {grafana.Program}, at /grafana of each stack", output, StringComparison.Ordinal);

        var settings = await grafana.SettingsAsync("power_monitoring_abc0001");
        grafana.Answer(int.Parse(settings["GF_SERVER_HTTP_PORT"], null));
        using var abc = await StackClient.SignInAsync(portal.Port, "abc0001");
        await Shell.EventuallyAsync(
            async () => (string?)RunningPortal.Service(await portal.StatusAsync(), "abc0001", "grafana")["state"] == "ready", "Grafana doesn't get ready", TimeSpan.FromMinutes(1));

        var seen = await abc.GetAsync("/grafana/d/overview");
        Assert.Equal(("admin@portal.local", "Editor", "/grafana/d/overview"), ((string?)seen["user"], (string?)seen["role"], (string?)seen["path"]));
        using var stranger = new HttpClient();
        using var question = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{portal.Port}/grafana/d/overview");
        question.Headers.Host = $"abc0001.localhost:{portal.Port}";
        Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.SendAsync(question)).StatusCode);

        Assert.Equal(0L, await AskAsync(settings, "SELECT count(*) FROM monitoring.hourly_per_device"));
        await Assert.ThrowsAsync<PostgresException>(() => AskAsync(settings, "SELECT count(*) FROM portal.\"Sessions\""));
        var fleet = await grafana.SettingsAsync("admin_fleet");
        await Shell.EventuallyAsync(
            async () => 1L.Equals(await AskAsync(fleet, "SELECT count(*) FROM fleet.\"Customers\"")), "the customer is not registered", TimeSpan.FromMinutes(1));
    }

    // As the data source of grafana/provisioning asks, with what Grafana was told.
    private static async Task<object?> AskAsync(Dictionary<string, string> settings, string sql)
    {
        var database = new NpgsqlConnectionStringBuilder
        {
            Host = settings["POSTGRES_HOST"],
            Port = int.Parse(settings["POSTGRES_PORT"], null),
            Database = settings["POSTGRES_DB"],
            Username = settings["POSTGRES_USER"],
            Password = settings["POSTGRES_PASSWORD"],
            Pooling = false,
        };
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
