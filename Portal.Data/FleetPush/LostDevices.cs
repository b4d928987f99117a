using System.Text.Json;
using Npgsql;
using Portal.TimeSeries;

namespace Portal.Data.FleetPush;

/// <summary>A device that the fleet has measurements of and this stack doesn't, as it was pushed last.</summary>
/// <param name="SiteId">Its site's key here.</param>
public sealed record LostDevice(string ExternalId, Guid SiteId, string SiteName, string SiteTimeZone, string Name, string? Model, DeviceRole Role);

/// <summary>Makes sites and devices again that are gone with an older backup, under the keys and serials that they had.</summary>
public sealed class LostDevices(NpgsqlDataSource dataSource, DeviceAdmission admission, TimeProvider clock)
{
    private const string Actor = "delivery ledger";

    // None where its deletion is still to be pushed: then what the fleet has is an older device's of the same serial.
    private const string Find = """
        SELECT d."Id" FROM monitoring."Devices" AS d
         WHERE d."ExternalId" = $1 AND NOT EXISTS (SELECT FROM monitoring."DeviceTombstones" AS t WHERE t."ExternalId" = $1)
        """;

    // One that the fleet had acknowledged is forgotten there: it was put back from a backup itself.
    private const string IsDeleted = """
        UPDATE monitoring."DeviceTombstones" SET "PushedAt" = NULL WHERE "ExternalId" = $1 RETURNING 0
        """;

    private const string MakeSite = """
        INSERT INTO monitoring."Sites" ("Id", "Name", "TimeZone", "CreatedAt") VALUES ($1, $2, $3, $4) ON CONFLICT ("Id") DO NOTHING
        """;

    /// <summary>The device's key here; it is made where it is gone.</summary>
    /// <returns>Null where it was deleted here: it goes from the fleet too, its deletion is pushed again.</returns>
    /// <exception cref="StoreUnavailableException">The database is away. Repeating it is harmless.</exception>
    public Task<int?> RestoreAsync(LostDevice device, CancellationToken cancellationToken) =>
        PushStore.GuardAsync(async () =>
        {
            if (await AskAsync(Find, device.ExternalId, cancellationToken) is { } known)
            {
                return known;
            }

            if (await AskAsync(IsDeleted, device.ExternalId, cancellationToken) is not null)
            {
                return null;
            }

            var now = clock.GetUtcNow();
            await using (var site = dataSource.CreateCommand(MakeSite))
            {
                foreach (var value in new object[] { device.SiteId, device.SiteName, device.SiteTimeZone, now.UtcDateTime })
                {
                    site.Parameters.Add(new NpgsqlParameter { Value = value });
                }

                await site.ExecuteNonQueryAsync(cancellationToken);
            }

            // Somebody else may have made it meanwhile: then it is there just as well.
            await admission.CreateAsync(
                new Device
                {
                    SiteId = device.SiteId,
                    Name = device.Name,
                    ExternalId = device.ExternalId,
                    Model = device.Model,
                    Role = device.Role,
                    CreatedAt = now,
                },
                new AuditEntry
                {
                    At = now,
                    Actor = Actor,
                    Action = "device.restored",
                    Subject = device.ExternalId,
                    Details = JsonSerializer.Serialize(new { device.Name, Site = device.SiteName, device.SiteId, device.Model }, JsonSerializerOptions.Web),
                },
                cancellationToken
            );
            return await AskAsync(Find, device.ExternalId, cancellationToken);
        });

    private async Task<int?> AskAsync(string sql, string externalId, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = externalId });
        return await command.ExecuteScalarAsync(cancellationToken) as int?;
    }
}
