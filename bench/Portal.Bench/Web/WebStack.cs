using System.Globalization;
using Npgsql;
using Portal.Bench.Gateway;

namespace Portal.Bench.Web;

/// <summary>A customer's API, web and gateway with a month of twenty devices by the minute, and a year of one of them.</summary>
internal sealed class WebStack : IAsyncDisposable
{
    public const string Email = "admin@example.com";
    public const string Password = "Bench-password-1";
    public const int Devices = 20;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly BenchDatabase database;
    private readonly ServiceProcess api;
    private readonly ServiceProcess web;
    private readonly GatewayProcess gateway;
    private readonly string folder;

    private WebStack(BenchDatabase database, ServiceProcess api, ServiceProcess web, GatewayProcess gateway, string folder) =>
        (this.database, this.api, this.web, this.gateway, this.folder) = (database, api, web, gateway, folder);

    public string ConnectionString => database.ConnectionString;

    public string Url => $"http://{GatewayProcess.Host}:{gateway.Port}";

    public static async Task<WebStack> StartAsync(string? given)
    {
        var database = await BenchDatabase.CreateAsync(given, "web");
        var folder = Directory.CreateTempSubdirectory("tau-bench-web-").FullName;
        Dictionary<string, string> shared = new()
        {
            ["Application__RunMode"] = "Client",
            // A release build that was not published finds its style sheets and scripts only so.
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["DataProtection__KeysPath"] = Path.Combine(folder, "keys"),
            ["Logging__LogLevel__Default"] = "Warning",
        };
        var api = await ServiceProcess.StartAsync(
            "Portal.Api",
            database.ConnectionString,
            new(shared)
            {
                ["Authentication__DefaultAdminEmail"] = Email,
                ["Authentication__DefaultAdminPassword"] = Password,
                ["Branding__Path"] = Path.Combine(folder, "branding"),
            }
        );
        var web = await ServiceProcess.StartAsync("Portal.Web", database.ConnectionString, new(shared) { ["services__api__http__0"] = api.Address.ToString() });
        var gateway = await GatewayProcess.StartAsync(new() { ["api"] = api.Address, ["web"] = web.Address });
        return new WebStack(database, api, web, gateway, folder);
    }

    /// <returns>Id of the device that has a year.</returns>
    public async Task<int> FillAsync(DateTime now)
    {
        await using var dataSource = NpgsqlDataSource.Create(ConnectionString);
        var year = await ReadAsync<int>(
            dataSource,
            """
            WITH site AS (
              INSERT INTO monitoring."Sites" ("Id", "Name", "TimeZone", "CreatedAt")
              SELECT gen_random_uuid(), 'Plant ' || n, 'Africa/Johannesburg', now() FROM generate_series(1, 4) AS n RETURNING "Id", "Name"
            ), device AS (
              INSERT INTO monitoring."Devices" ("SiteId", "Name", "ExternalId", "Role", "CreatedAt")
              SELECT "Id", "Name" || ' meter ' || n, "Name" || '-' || n, 'Main', now() FROM site CROSS JOIN generate_series(1, 5) AS n RETURNING "Id"
            )
            SELECT min("Id") FROM device
            """
        );
        // Values that change from minute to minute, and a register that goes with them.
        for (var month = now.AddDays(-365); month < now.AddMonths(1); month = month.AddMonths(1))
        {
            await ExecuteAsync(dataSource, string.Create(CultureInfo.InvariantCulture, $"SELECT monitoring.ensure_partition('{month:yyyy-MM-dd}')"));
        }

        await ExecuteAsync(
            dataSource,
            string.Create(CultureInfo.InvariantCulture, $"""
            INSERT INTO monitoring."PowerMeasurements" ("DeviceId", "Time", "ReceivedAt", "ActivePowerKw", "ReactivePowerKvar", "Voltage1V", "Voltage2V", "Voltage3V", "Current1A", "FrequencyHz", "EnergyImportKwh")
            SELECT d."Id", t, t + interval '2 seconds', p, p * 0.3, 230 + 3 * sin(m / 50), 231 + 3 * sin(m / 60), 229 + 3 * sin(m / 70), p * 1.5, 50 + 0.05 * sin(m), 1000 + m * 0.9
              FROM monitoring."Devices" AS d
             CROSS JOIN generate_series('{now:yyyy-MM-dd HH:mm}Z'::timestamptz - CASE WHEN d."Id" = {year} THEN interval '365 days' ELSE interval '30 days' END, '{now:yyyy-MM-dd HH:mm}Z'::timestamptz, interval '1 minute') AS t
             CROSS JOIN LATERAL (SELECT extract(epoch FROM t)::double precision / 60 AS m) AS x
             CROSS JOIN LATERAL (SELECT 50 + 30 * sin(m / 229) + 10 * sin(m * 1.7 + d."Id") AS p) AS y
            """)
        );
        await ExecuteAsync(dataSource, """ANALYZE monitoring."PowerMeasurements" """);
        await ExecuteAsync(
            dataSource,
            """
            INSERT INTO monitoring."TouchedRanges" ("DeviceId", "From", "To")
            SELECT DISTINCT "DeviceId", date_trunc('day', "Time", 'UTC'), date_trunc('day', "Time", 'UTC') + interval '1 day' FROM monitoring."PowerMeasurements"
            """
        );
        for (var from = TimeProvider.System.GetTimestamp(); await ReadAsync<long>(dataSource, """SELECT count(*) FROM monitoring."TouchedRanges" """) > 0; )
        {
            if (TimeProvider.System.GetElapsedTime(from) > Patience) throw new InvalidOperationException($"The roll-ups were not made within {Patience}.");
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
        }

        return year;
    }

    public async ValueTask DisposeAsync()
    {
        await gateway.DisposeAsync();
        await web.DisposeAsync();
        await api.DisposeAsync();
        await database.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private static async Task ExecuteAsync(NpgsqlDataSource dataSource, string sql)
    {
        await using var command = dataSource.CreateCommand(sql);
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<T> ReadAsync<T>(NpgsqlDataSource dataSource, string sql)
    {
        await using var command = dataSource.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }
}
