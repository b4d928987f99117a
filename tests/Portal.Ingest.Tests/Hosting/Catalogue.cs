using Npgsql;
using Portal.Domain.Keys;

namespace Portal.Ingest.Tests.Hosting;

/// <summary>Puts sites, devices and keys into the database as the API would, and reads measurements back.</summary>
public sealed class Catalogue(NpgsqlDataSource database)
{
    public async Task<IngestKeyToken> AddKeyAsync()
    {
        var key = IngestKeyToken.Generate();
        await ExecuteAsync(
            """INSERT INTO portal."IngestKeys" ("Id", "Name", "Hash", "Prefix", "CreatedAt") VALUES ($1, 'test', $2, $3, now())""",
            Guid.CreateVersion7(),
            key.Hash(),
            key.Prefix
        );
        return key;
    }

    public Task RevokeAsync(IngestKeyToken key) =>
        ExecuteAsync("""UPDATE portal."IngestKeys" SET "RevokedAt" = now() WHERE "Hash" = $1""", key.Hash());

    public async Task<Guid> AddSiteAsync(string timeZone = "Africa/Johannesburg")
    {
        var id = Guid.CreateVersion7();
        await ExecuteAsync(
            """INSERT INTO monitoring."Sites" ("Id", "Name", "TimeZone", "CreatedAt") VALUES ($1, 'site', $2, now())""",
            id,
            timeZone
        );
        return id;
    }

    public Task AddDeviceAsync(Guid site, string externalId) =>
        ExecuteAsync(
            """
            INSERT INTO monitoring."Devices" ("SiteId", "Name", "ExternalId", "Role", "CreatedAt") VALUES ($1, $2, $2, 'Main', now())
            """,
            site,
            externalId
        );

    /// <summary>All measurements of a device as text, every column, by time: two dumps are equal only where nothing changed.</summary>
    public async Task<string> DumpAsync(string externalId)
    {
        await using var command = database.CreateCommand(
            """
            SELECT coalesce(string_agg(m::text, E'\n' ORDER BY m."Time"), '') FROM monitoring."PowerMeasurements" m
            JOIN monitoring."Devices" d ON d."Id" = m."DeviceId" WHERE d."ExternalId" = $1
            """
        );
        command.Parameters.AddWithValue(externalId);
        return (string)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>One column of a device's measurements by time; absent ones null.</summary>
    public async Task<List<(DateTimeOffset Time, double? Value)>> ReadAsync(string externalId, string column)
    {
        await using var command = database.CreateCommand(
            $"""
            SELECT m."Time", m."{column}"::double precision FROM monitoring."PowerMeasurements" m
            JOIN monitoring."Devices" d ON d."Id" = m."DeviceId" WHERE d."ExternalId" = $1 ORDER BY m."Time"
            """
        );
        command.Parameters.AddWithValue(externalId);
        await using var reader = await command.ExecuteReaderAsync();
        var values = new List<(DateTimeOffset, double?)>();
        while (await reader.ReadAsync())
        {
            values.Add((reader.GetFieldValue<DateTimeOffset>(0), await reader.IsDBNullAsync(1) ? null : reader.GetDouble(1)));
        }

        return values;
    }

    public async Task<T?> ScalarAsync<T>(string sql, params object[] parameters)
    {
        await using var command = Command(sql, parameters);
        return await command.ExecuteScalarAsync() is T value ? value : default;
    }

    public async Task ExecuteAsync(string sql, params object[] parameters)
    {
        await using var command = Command(sql, parameters);
        await command.ExecuteNonQueryAsync();
    }

    private NpgsqlCommand Command(string sql, object[] parameters)
    {
        var command = database.CreateCommand(sql);
        foreach (var parameter in parameters)
        {
            command.Parameters.AddWithValue(parameter);
        }

        return command;
    }
}
