using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using Npgsql;
using Portal.AppHost.Local;
using Portal.AppHost.Processes;
using Portal.Contracts.Ingest;
using Portal.Domain.Keys;
using Portal.Ingest.Tests.Hosting;
using Portal.Testing;

namespace Portal.Ingest.Tests.Crash;

/// <summary>Whatever is killed under load: what was answered 200 is in the table.</summary>
public sealed class KillTests : IAsyncLifetime
{
    private const int Senders = 6;
    private const int RowsPerPost = 20;

    private static readonly HttpClient Client = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(60) };

    private readonly ConcurrentBag<(string Serial, long Time)> answered = [];
    private readonly string folder = Directory.CreateTempSubdirectory("tau-kill-").FullName;
    private PostgresCluster? cluster;
    private string connection = "";
    private IngestKeyToken key = null!;
    private int port;
    private long nextTime = 1_764_000_000;

    public async Task InitializeAsync()
    {
        if (PostgresServer.Missing is not null)
        {
            return;
        }

        File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        cluster = await PostgresCluster.StartAsync(new PostgresClusterOptions { Folder = Path.Combine(folder, "pg") }, CancellationToken.None);
        await cluster.CreateDatabaseAsync("killed", CancellationToken.None);
        connection = cluster.ConnectionString("killed");
        await using (var setup = await IngestHost.StartAsync(connection))
        {
            key = setup.Key;
            var site = await setup.Catalogue.AddSiteAsync();
            for (var i = 0; i < Senders; i++)
            {
                await setup.Catalogue.AddDeviceAsync(site, $"K{i}");
            }
        }

        port = FreePort.Next();
    }

    public async Task DisposeAsync()
    {
        if (cluster is not null)
        {
            await cluster.DisposeAsync();
        }

        Directory.Delete(folder, recursive: true);
    }

    [PostgresFact]
    public async Task Killing_ingest_under_load_loses_no_row_that_was_answered()
    {
        using var stop = new CancellationTokenSource();
        using var first = IngestProcess.Start(port, connection);
        var senders = StartSenders(stop.Token);
        await AnsweredAsync(2_000);

        await first.KillAsync();
        using var second = IngestProcess.Start(port, connection);
        await AnsweredAsync(answered.Count + 2_000);

        await stop.CancelAsync();
        await Task.WhenAll(senders);
        await AssertAllStoredAsync();
    }

    [PostgresFact]
    public async Task Killing_the_database_under_load_loses_no_row_that_was_answered()
    {
        using var stop = new CancellationTokenSource();
        using var ingest = IngestProcess.Start(port, connection);
        var senders = StartSenders(stop.Token);
        await AnsweredAsync(2_000);

        Assert.True(Signal.Send(cluster!.Pid!.Value, Signal.Kill));
        await Eventually.TrueAsync(() => Task.FromResult(cluster.Pid is null), "the server is dead");
        await RestartServerAsync();
        await AnsweredAsync(answered.Count + 2_000);

        await stop.CancelAsync();
        await Task.WhenAll(senders);
        await AssertAllStoredAsync();
    }

    private Task AnsweredAsync(int rows) =>
        Eventually.TrueAsync(() => Task.FromResult(answered.Count >= rows), $"{rows} rows are answered", TimeSpan.FromMinutes(2));

    // The killed server's children need a moment to notice; until then a new one refuses to start on their memory.
    private async Task RestartServerAsync()
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await cluster!.StartServerAsync(CancellationToken.None);
                return;
            }
            catch (PostgresUnavailableException) when (attempt < 120)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System);
            }
        }
    }

    private Task[] StartSenders(CancellationToken stop) => [.. Enumerable.Range(0, Senders).Select(i => Task.Run(() => SendAsync($"K{i}", stop), CancellationToken.None))];

    private async Task SendAsync(string serial, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var start = Interlocked.Add(ref nextTime, RowsPerPost);
            var times = Enumerable.Range(0, RowsPerPost).Select(i => start + i).ToArray();
            var rows = times.Select(time => $$"""{"externalId":"{{serial}}","time":{{time}},"energyImportKwh":{{time}}}""");
            using var request = new HttpRequestMessage(HttpMethod.Post, $"http://127.0.0.1:{port}/api/ingest/measurements")
            {
                Content = new StringContent($$"""{"measurements":[{{string.Join(',', rows)}}]}""", Encoding.UTF8, "application/json"),
            };
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key.Reveal());
            try
            {
                using var response = await Client.SendAsync(request, CancellationToken.None);
                if (response.StatusCode == HttpStatusCode.OK)
                {
                    var answer = (await response.Content.ReadFromJsonAsync<IngestAnswer>(CancellationToken.None))!;
                    Assert.Equal(RowsPerPost, answer.Accepted + answer.Duplicate);
                    foreach (var time in times)
                    {
                        answered.Add((serial, time));
                    }

                    continue;
                }

                Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
            }
            catch (HttpRequestException)
            {
                // Killed, or not there yet.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, CancellationToken.None);
        }
    }

    private async Task AssertAllStoredAsync()
    {
        await using var database = NpgsqlDataSource.Create(connection);
        await using var command = database.CreateCommand(
            """
            SELECT count(*) FROM unnest($1, $2) AS a(serial, time)
            WHERE NOT EXISTS (
                SELECT FROM monitoring."PowerMeasurements" m JOIN monitoring."Devices" d ON d."Id" = m."DeviceId"
                WHERE d."ExternalId" = a.serial AND m."Time" = to_timestamp(a.time) AND m."EnergyImportKwh" = a.time)
            """
        );
        var rows = answered.ToArray();
        command.Parameters.AddWithValue(rows.Select(row => row.Serial).ToArray());
        command.Parameters.AddWithValue(rows.Select(row => row.Time).ToArray());
        Assert.Equal(0L, await command.ExecuteScalarAsync());
    }
}
