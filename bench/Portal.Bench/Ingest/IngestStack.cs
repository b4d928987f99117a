using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Npgsql;
using Portal.Domain.Keys;

namespace Portal.Bench.Ingest;

/// <summary>A customer's stack to post to: its API (which has the schema and the roll-ups), its ingest, a key, and devices. The push is on, so that all is noted as it is for customers.</summary>
internal sealed class IngestStack : IAsyncDisposable
{
    private readonly BenchDatabase database;
    private readonly ServiceProcess api;
    private readonly ServiceProcess ingest;
    private readonly string folder;
    private bool isApiStopped;

    private IngestStack(BenchDatabase database, ServiceProcess api, ServiceProcess ingest, string key, string folder)
    {
        (this.database, this.api, this.ingest, this.folder) = (database, api, ingest, folder);
        Client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 2_000 }) { BaseAddress = ingest.Address };
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    public HttpClient Client { get; }

    public string ConnectionString => database.ConnectionString;

    public int IngestPid => ingest.Pid;

    /// <summary>Ingest, API and database, as far as they are of this machine.</summary>
    public int[] Pids => [ingest.Pid, api.Pid, .. database.ServerPid is { } server ? (int[])[server] : []];

    public static async Task<IngestStack> StartAsync(string? given, int devices)
    {
        var database = await BenchDatabase.CreateAsync(given, "ingest");
        var folder = Directory.CreateTempSubdirectory("tau-bench-api-").FullName;
        var api = await ServiceProcess.StartAsync(
            "Portal.Api",
            database.ConnectionString,
            new()
            {
                ["Application__RunMode"] = "Client",
                ["Application__PublicUrl"] = "http://bench.localhost",
                ["Authentication__DefaultAdminEmail"] = "admin@example.com",
                ["Authentication__DefaultAdminPassword"] = Convert.ToHexString(Guid.NewGuid().ToByteArray()) + "aA1!",
                ["DataProtection__KeysPath"] = Path.Combine(folder, "keys"),
                ["Branding__Path"] = Path.Combine(folder, "branding"),
            }
        );
        var key = IngestKeyToken.Generate();
        await RegisterAsync(database.ConnectionString, key, devices);
        // Nobody answers there: everything stays noted.
        var ingest = await ServiceProcess.StartAsync(
            "Portal.Ingest",
            database.ConnectionString,
            new()
            {
                ["FleetIngest__Enabled"] = "true",
                ["FleetIngest__Url"] = "http://127.0.0.1:9",
                ["FleetIngest__Token"] = FleetToken.Generate().Reveal(),
            }
        );
        return new IngestStack(database, api, ingest, key.Reveal(), folder);
    }

    /// <summary>The body of a post: so many minutes of some devices.</summary>
    public static byte[] Post(int firstDevice, int devices, DateTime from, int minutes)
    {
        using var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteStartArray("measurements");
            BenchRows.Write(json, firstDevice, devices, from, minutes);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return body.ToArray();
    }

    /// <returns>Milliseconds until it was acknowledged.</returns>
    public async Task<double> PostAsync(byte[] body, string expected)
    {
        var from = TimeProvider.System.GetTimestamp();
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var answer = await Client.PostAsync("/api/ingest/measurements", content);
        var text = await answer.Content.ReadAsStringAsync();
        return answer.StatusCode == HttpStatusCode.OK && text.Contains(expected, StringComparison.Ordinal)
            ? TimeProvider.System.GetElapsedTime(from).TotalMilliseconds
            : throw new InvalidOperationException($"A post was not taken as a whole: {(int)answer.StatusCode} {text[..Math.Min(300, text.Length)]}");
    }

    /// <summary>Returns once all roll-ups are up to date; at once where nobody keeps them so any more.</summary>
    public async Task RolledUpAsync()
    {
        await using var dataSource = NpgsqlDataSource.Create(ConnectionString);
        await using var notes = dataSource.CreateCommand("SELECT EXISTS (SELECT FROM monitoring.\"TouchedRanges\")");
        while (!isApiStopped && (bool)(await notes.ExecuteScalarAsync())!)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }
    }

    /// <summary>Ends the API, and with it the roll-ups; ingest goes on without it.</summary>
    public async Task StopApiAsync()
    {
        isApiStopped = true;
        await api.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await ingest.DisposeAsync();
        await api.DisposeAsync();
        await database.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private static async Task RegisterAsync(string connectionString, IngestKeyToken key, int devices)
    {
        await using var dataSource = NpgsqlDataSource.Create(connectionString);
        await using var register = dataSource.CreateCommand(
            """
            WITH key AS (
              INSERT INTO portal."IngestKeys" ("Id", "Name", "Hash", "Prefix", "CreatedAt") VALUES (gen_random_uuid(), 'bench', $1, $2, now())
            ),
            site AS (
              INSERT INTO monitoring."Sites" ("Id", "Name", "TimeZone", "CreatedAt") VALUES (gen_random_uuid(), 'Bench', 'UTC', now()) RETURNING "Id"
            )
            INSERT INTO monitoring."Devices" ("SiteId", "Name", "ExternalId", "Role", "CreatedAt")
            SELECT site."Id", 'Meter ' || d, 'BENCH' || lpad(d::text, 5, '0'), 'Main', now() FROM site CROSS JOIN generate_series(0, $3 - 1) AS d
            """
        );
        register.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = key.Hash() });
        register.Parameters.Add(new NpgsqlParameter<string> { TypedValue = key.Prefix });
        register.Parameters.Add(new NpgsqlParameter<int> { TypedValue = devices });
        await register.ExecuteNonQueryAsync();
    }
}
