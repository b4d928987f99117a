using Fleet.Aggregator.Push;
using Npgsql;
using Portal.Contracts.Devices;
using Portal.Contracts.Fleet;
using Portal.Contracts.Ingest;
using Portal.Domain.Decoding;

namespace Fleet.Aggregator.Catalogue;

/// <summary>
/// Devices as a stack pushes them: new ones come, known ones change, a tombstone ends one. One that is pushed again without the tombstone lives
/// again under the same key, with what is pushed of it from then on. The customer's row is locked.
/// </summary>
internal sealed class DeviceChange(NpgsqlConnection connection, NpgsqlTransaction transaction, int customerId, DateTimeOffset now)
{
    private const string FindSites = """
        SELECT "ExternalId", "Id" FROM fleet."Sites" WHERE "CustomerId" = $1 AND "ExternalId" = ANY($2)
        """;

    private const string Find = """
        SELECT "ExternalId", "Id", "DeletedAt" IS NOT NULL, "SiteId", "Name", "Model", "Role"
          FROM fleet."Devices" WHERE "CustomerId" = $1 AND "ExternalId" = ANY($2)
        """;

    private const string Insert = """
        INSERT INTO fleet."Devices" ("CustomerId", "ExternalId", "SiteId", "Name", "Model", "Role", "CadenceSamples")
        SELECT $1, s."ExternalId", s."SiteId", s."Name", s."Model", s."Role", 0
          FROM unnest($2, $3, $4, $5, $6) AS s ("ExternalId", "SiteId", "Name", "Model", "Role")
        """;

    private const string Update = """
        UPDATE fleet."Devices" t SET "SiteId" = s."SiteId", "Name" = s."Name", "Model" = s."Model", "Role" = s."Role", "DeletedAt" = NULL
          FROM unnest($2, $3, $4, $5, $6) AS s ("ExternalId", "SiteId", "Name", "Model", "Role")
         WHERE t."CustomerId" = $1 AND t."ExternalId" = s."ExternalId"
        """;

    private const string End = """
        UPDATE fleet."Devices"
           SET "DeletedAt" = $3, "LastTime" = NULL, "AdvancedAt" = NULL, "CadenceSeconds" = NULL, "CadenceSamples" = 0, "SilenceId" = NULL
         WHERE "CustomerId" = $1 AND "Id" = ANY($2)
        """;

    // The newest measurement may have been one of theirs.
    private const string Forget = """
        WITH days AS (DELETE FROM fleet."LedgerDays" WHERE "CustomerId" = $1 AND "DeviceId" = ANY($2))
        UPDATE fleet."Customers" SET "NewestTime" = (SELECT max("LastTime") FROM fleet."Devices" WHERE "CustomerId" = $1) WHERE "Id" = $1
        """;

    private static readonly string[] Roles = [DeviceRoles.Main, DeviceRoles.Sub, DeviceRoles.Generation, DeviceRoles.Check];

    private readonly Dictionary<string, DeviceValues> live = new(StringComparer.Ordinal);
    private readonly HashSet<string> deleted = new(StringComparer.Ordinal);

    /// <summary>Applies the rows; of two with the same serial the first one counts.</summary>
    /// <returns>The result, and the keys of the devices that the batch deleted: their measurements are still there.</returns>
    public async Task<(PushResult Result, IReadOnlyList<int> Deleted)> ApplyAsync(
        Guid batchId,
        IReadOnlyList<DeviceRow?> rows,
        CancellationToken cancellationToken
    )
    {
        var tally = new PushTally(batchId);
        var sites = await FindSitesAsync(rows, cancellationToken);
        for (var i = 0; i < rows.Count; i++)
        {
            var fault = Check(rows[i], sites, out var externalId, out var values);
            if (fault is not null)
            {
                tally.Rejected(i, ExternalId.Display(rows[i]?.ExternalId), fault);
            }
            else if (live.ContainsKey(externalId) || deleted.Contains(externalId))
            {
                tally.Stored(changed: false);
            }
            else if (values is null)
            {
                deleted.Add(externalId);
            }
            else
            {
                live.Add(externalId, values);
            }
        }

        var known = await FindAsync(cancellationToken);
        foreach (var (externalId, values) in live)
        {
            tally.Stored(changed: !known.TryGetValue(externalId, out var stored) || stored.IsDeleted || stored.Values != values);
        }

        await WriteAsync(Insert, live.Where(device => !known.ContainsKey(device.Key)), cancellationToken);
        await WriteAsync(
            Update,
            live.Where(device => known.TryGetValue(device.Key, out var stored) && (stored.IsDeleted || stored.Values != device.Value)),
            cancellationToken
        );
        var ended = deleted.Select(externalId => known.GetValueOrDefault(externalId)).Where(device => device is { IsDeleted: false }).Select(device => device!.Id).ToList();
        for (var i = 0; i < deleted.Count; i++)
        {
            tally.Stored(changed: i < ended.Count); // what is deleted already, or was never known, stays as it is
        }

        await EndAsync(ended, cancellationToken);
        return (tally.Result(), ended);
    }

    // Why a row can't be taken; null where it can. Without values it is a tombstone.
    private static string? Check(DeviceRow? row, Dictionary<string, int> sites, out string externalId, out DeviceValues? values)
    {
        (externalId, values) = ("", null);
        if (row is null)
        {
            return RejectionReasons.InvalidRow;
        }

        if (!ExternalId.TryNormalize(row.ExternalId, out var key))
        {
            return RejectionReasons.InvalidExternalId;
        }

        externalId = key;
        if (row.Deleted)
        {
            return null;
        }

        if (!PushedNames.TryNormalize(row.Name, Device.MaxNameLength, out var name))
        {
            return RejectionReasons.InvalidName;
        }

        string? model = null;
        if (!string.IsNullOrWhiteSpace(row.Model) && !PushedNames.TryNormalize(row.Model, Device.MaxModelLength, out model))
        {
            return RejectionReasons.InvalidModel;
        }

        var role = row.Role ?? DeviceRoles.Main;
        if (!Roles.Contains(role))
        {
            return RejectionReasons.InvalidRole;
        }

        int? siteId = null;
        if (row.SiteExternalId is not null)
        {
            if (!ExternalId.TryNormalize(row.SiteExternalId, out var site) || !sites.TryGetValue(site, out var found))
            {
                return RejectionReasons.UnknownSite;
            }

            siteId = found;
        }

        values = new DeviceValues(siteId, name, model, role);
        return null;
    }

    private async Task<Dictionary<string, int>> FindSitesAsync(IReadOnlyList<DeviceRow?> rows, CancellationToken cancellationToken)
    {
        var named = rows.Select(row => ExternalId.TryNormalize(row?.SiteExternalId, out var site) ? site : null).OfType<string>().Distinct();
        await using var command = Command(FindSites, Texts(named));
        var sites = new Dictionary<string, int>(StringComparer.Ordinal);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            sites.Add(reader.GetString(0), reader.GetInt32(1));
        }

        return sites;
    }

    private async Task<Dictionary<string, Stored>> FindAsync(CancellationToken cancellationToken)
    {
        await using var command = Command(Find, Texts(live.Keys.Concat(deleted)));
        var known = new Dictionary<string, Stored>(StringComparer.Ordinal);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var values = new DeviceValues(
                reader.IsDBNull(3) ? null : reader.GetInt32(3),
                reader.GetString(4),
                reader.IsDBNull(5) ? null : reader.GetString(5),
                reader.GetString(6)
            );
            known.Add(reader.GetString(0), new Stored(reader.GetInt32(1), reader.GetBoolean(2), values));
        }

        return known;
    }

    private async Task WriteAsync(string sql, IEnumerable<KeyValuePair<string, DeviceValues>> some, CancellationToken cancellationToken)
    {
        var devices = some.ToList();
        if (devices.Count == 0)
        {
            return;
        }

        await using var command = Command(
            sql,
            Texts(devices.Select(device => device.Key)),
            new NpgsqlParameter<int?[]> { TypedValue = [.. devices.Select(device => device.Value.SiteId)] },
            Texts(devices.Select(device => device.Value.Name)),
            Texts(devices.Select(device => device.Value.Model)),
            Texts(devices.Select(device => device.Value.Role))
        );
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task EndAsync(List<int> devices, CancellationToken cancellationToken)
    {
        if (devices.Count == 0)
        {
            return;
        }

        await using var end = Command(
            End,
            new NpgsqlParameter<int[]> { TypedValue = [.. devices] },
            new NpgsqlParameter<DateTime> { TypedValue = now.UtcDateTime }
        );
        await end.ExecuteNonQueryAsync(cancellationToken);
        await using var forget = Command(Forget, new NpgsqlParameter<int[]> { TypedValue = [.. devices] });
        await forget.ExecuteNonQueryAsync(cancellationToken);
    }

    private NpgsqlCommand Command(string sql, params NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlCommand(sql, connection, transaction) { Parameters = { new NpgsqlParameter<int> { TypedValue = customerId } } };
        command.Parameters.AddRange(parameters);
        return command;
    }

    private static NpgsqlParameter<string?[]> Texts(IEnumerable<string?> texts) => new() { TypedValue = [.. texts] };

    private sealed record DeviceValues(int? SiteId, string Name, string? Model, string Role);

    private sealed record Stored(int Id, bool IsDeleted, DeviceValues Values);
}
