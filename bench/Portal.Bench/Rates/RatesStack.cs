using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Npgsql;

namespace Portal.Bench.Rates;

/// <summary>A customer's API with sites of one meter each, whose roll-ups are there already, and with a tariff that all of them have.</summary>
internal sealed class RatesStack : IAsyncDisposable
{
    private readonly BenchDatabase database;
    private readonly SignedInApi api;

    private RatesStack(BenchDatabase database, SignedInApi api) => (this.database, this.api) = (database, api);

    /// <summary>Signed in as the admin.</summary>
    public HttpClient Client => api.Client;

    public string ConnectionString => database.ConnectionString;

    public static async Task<RatesStack> StartAsync(string? given)
    {
        var database = await BenchDatabase.CreateAsync(given, "rates");
        return new RatesStack(database, await SignedInApi.StartAsync(database.ConnectionString, engine: "postgres"));
    }

    /// <summary>Sites with a main meter, and roll-ups of a load that changes, without a gap.</summary>
    /// <returns>Ids of the sites.</returns>
    public async Task<List<Guid>> AddSitesAsync(int count, DateTime from, DateTime to)
    {
        await using var dataSource = NpgsqlDataSource.Create(ConnectionString);
        await using var sites = dataSource.CreateCommand(
            """
            WITH site AS (
              INSERT INTO monitoring."Sites" ("Id", "Name", "TimeZone", "CreatedAt")
              SELECT gen_random_uuid(), 'Bench ' || n, 'Africa/Johannesburg', now() FROM generate_series(1, $1) AS n RETURNING "Id"
            )
            INSERT INTO monitoring."Devices" ("SiteId", "Name", "ExternalId", "Role", "CreatedAt")
            SELECT "Id", 'Meter', "Id"::text, 'Main', now() FROM site RETURNING "SiteId"
            """
        );
        sites.Parameters.Add(new NpgsqlParameter<int> { TypedValue = count });
        var ids = new List<Guid>();
        await using (var reader = await sites.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                ids.Add(reader.GetGuid(0));
            }
        }

        foreach (var (table, step) in ((string, string)[])[("QuarterHourlyRollUps", "15 minutes"), ("HourlyRollUps", "1 hour")])
        {
            await using var fill = dataSource.CreateCommand(
                $"""
                INSERT INTO monitoring."{table}" (device_id, bucket, samples, first_at, last_at, power_min_kw, power_max_kw, apparent_max_kva, power_samples, reactive_samples,
                  import_first_kwh, import_first_at, import_last_kwh, import_last_at, import_min_kwh, import_max_kwh,
                  reactive_import_first_kvarh, reactive_import_first_at, reactive_import_last_kvarh, reactive_import_last_at, reactive_import_min_kvarh, reactive_import_max_kvarh)
                SELECT d."Id", b, 15, b, last, 0, 100, 100, 15, 15, kwh, b, kwh + 9, last, kwh, kwh + 9, kwh / 3, b, kwh / 3 + 3, last, kwh / 3, kwh / 3 + 3
                  FROM monitoring."Devices" AS d
                 CROSS JOIN generate_series($2::timestamptz, $3::timestamptz - interval '1 second', interval '{step}') AS b
                 CROSS JOIN LATERAL (SELECT b + interval '{step}' - interval '1 minute' AS last, 40 * extract(epoch FROM b - $2::timestamptz)::double precision / 3600 + 3 * sin(extract(epoch FROM b)::double precision / 5000) AS kwh) AS k
                 WHERE d."SiteId" = ANY($1)
                """
            );
            fill.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. ids] });
            fill.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = from });
            fill.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = to });
            await fill.ExecuteNonQueryAsync();
        }

        await using var analyze = dataSource.CreateCommand("""ANALYZE monitoring."QuarterHourlyRollUps", monitoring."HourlyRollUps" """);
        await analyze.ExecuteNonQueryAsync();
        return ids;
    }

    /// <summary>Imports a tariff's file, approves it, and assigns it to the sites.</summary>
    public async Task AssignAsync(string file, IEnumerable<Guid> sites)
    {
        var tariff = await ReadAsync(await Client.PostAsync("/api/rates/tariffs/import", new StringContent(file, Encoding.UTF8, "application/yaml")));
        var id = tariff.GetProperty("tariffId").GetString();
        var version = (await ReadAsync(await Client.GetAsync($"/api/rates/tariffs/{id}"))).GetProperty("versions")[0].GetProperty("id").GetString();
        (await Client.PostAsync($"/api/rates/tariffs/{id}/versions/{version}/approve", null)).EnsureSuccessStatusCode();
        foreach (var site in sites)
        {
            (await Client.PostAsJsonAsync("/api/rates/assignments", new { siteId = site, tariffId = id, from = "2020-01-01" })).EnsureSuccessStatusCode();
        }
    }

    /// <returns>Milliseconds until the bill was there.</returns>
    public async Task<double> BillAsync(Guid site, string from, string to)
    {
        var started = TimeProvider.System.GetTimestamp();
        using var answer = await Client.GetAsync($"/api/costs?siteId={site}&from={from}&to={to}");
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode && text.Contains("\"complete\":true", StringComparison.Ordinal)
            ? TimeProvider.System.GetElapsedTime(started).TotalMilliseconds
            : throw new InvalidOperationException($"No complete bill: {(int)answer.StatusCode} {text[..Math.Min(300, text.Length)]}");
    }

    public async ValueTask DisposeAsync()
    {
        await api.DisposeAsync();
        await database.DisposeAsync();
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage answer)
    {
        using (answer)
        {
            return answer.IsSuccessStatusCode
                ? await answer.Content.ReadFromJsonAsync<JsonElement>()
                : throw new InvalidOperationException($"{answer.RequestMessage?.RequestUri} answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        }
    }
}
