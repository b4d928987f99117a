using Fleet.Aggregator.Push;
using Npgsql;
using Portal.Contracts.Fleet;
using Portal.Contracts.Ingest;
using Portal.Domain.Decoding;
using Portal.Domain.Sites;

namespace Fleet.Aggregator.Catalogue;

/// <summary>Sites as a stack pushes them: new ones come, known ones change, a tombstone ends one. The customer's row is locked.</summary>
internal static class SiteChange
{
    private const string Find = """
        SELECT "ExternalId", "Name", "TimeZone" FROM fleet."Sites" WHERE "CustomerId" = $1 AND "ExternalId" = ANY($2)
        """;

    private const string Insert = """
        INSERT INTO fleet."Sites" ("CustomerId", "ExternalId", "Name", "TimeZone")
        SELECT $1, s."ExternalId", s."Name", s."TimeZone" FROM unnest($2, $3, $4) AS s ("ExternalId", "Name", "TimeZone")
        """;

    private const string Update = """
        UPDATE fleet."Sites" t SET "Name" = s."Name", "TimeZone" = s."TimeZone"
          FROM unnest($2, $3, $4) AS s ("ExternalId", "Name", "TimeZone")
         WHERE t."CustomerId" = $1 AND t."ExternalId" = s."ExternalId"
        """;

    // Devices that are still there have none from then on: their stack has moved or deleted them, and says so with its devices.
    private const string Delete = """
        WITH gone AS (SELECT "Id" FROM fleet."Sites" WHERE "CustomerId" = $1 AND "ExternalId" = ANY($2)),
             left_there AS (UPDATE fleet."Devices" SET "SiteId" = NULL WHERE "CustomerId" = $1 AND "SiteId" IN (SELECT "Id" FROM gone))
        DELETE FROM fleet."Sites" WHERE "CustomerId" = $1 AND "Id" IN (SELECT "Id" FROM gone)
        """;

    /// <summary>Applies the rows; of two with the same key the first one counts.</summary>
    public static async Task<PushResult> ApplyAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        int customerId,
        Guid batchId,
        IReadOnlyList<SiteRow?> rows,
        CancellationToken cancellationToken
    )
    {
        var tally = new PushTally(batchId);
        var wanted = new Dictionary<string, Values>(StringComparer.Ordinal);
        var deleted = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < rows.Count; i++)
        {
            var fault = Check(rows[i], out var externalId, out var values);
            if (fault is not null)
            {
                tally.Rejected(i, ExternalId.Display(rows[i]?.ExternalId), fault);
            }
            else if (wanted.ContainsKey(externalId) || deleted.Contains(externalId))
            {
                tally.Stored(changed: false);
            }
            else if (values is { } site)
            {
                wanted.Add(externalId, site);
            }
            else
            {
                deleted.Add(externalId);
            }
        }

        var known = await FindAsync(connection, transaction, customerId, [.. wanted.Keys, .. deleted], cancellationToken);
        foreach (var (externalId, values) in wanted)
        {
            tally.Stored(changed: !known.TryGetValue(externalId, out var stored) || stored != values);
        }

        await ExecuteAsync(Insert, wanted.Where(site => !known.ContainsKey(site.Key)));
        await ExecuteAsync(Update, wanted.Where(site => known.TryGetValue(site.Key, out var stored) && stored != site.Value));
        foreach (var externalId in deleted)
        {
            tally.Stored(changed: known.ContainsKey(externalId)); // what is deleted already, or was never known, stays as it is
        }

        if (known.Keys.Where(deleted.Contains).ToList() is { Count: > 0 } gone)
        {
            await using var delete = new NpgsqlCommand(Delete, connection, transaction) { Parameters = { new NpgsqlParameter<int> { TypedValue = customerId }, Texts(gone) } };
            await delete.ExecuteNonQueryAsync(cancellationToken);
        }

        return tally.Result();

        async Task ExecuteAsync(string sql, IEnumerable<KeyValuePair<string, Values>> some)
        {
            var sites = some.ToList();
            if (sites.Count == 0)
            {
                return;
            }

            await using var command = new NpgsqlCommand(sql, connection, transaction)
            {
                Parameters =
                {
                    new NpgsqlParameter<int> { TypedValue = customerId },
                    Texts(sites.Select(site => site.Key)),
                    Texts(sites.Select(site => site.Value.Name)),
                    Texts(sites.Select(site => site.Value.TimeZone)),
                },
            };
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    // Why a row can't be taken; null where it can. Without values it is a tombstone.
    private static string? Check(SiteRow? row, out string externalId, out Values? values)
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

        if (!PushedNames.TryNormalize(row.Name, Site.MaxNameLength, out var name))
        {
            return RejectionReasons.InvalidName;
        }

        if (row.TimeZone is not { Length: <= Site.MaxTimeZoneLength } zone || !TimeZones.TryFind(zone, out _))
        {
            return RejectionReasons.UnknownZone;
        }

        values = new Values(name, zone);
        return null;
    }

    private static async Task<Dictionary<string, Values>> FindAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        int customerId,
        string[] externalIds,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(Find, connection, transaction)
        {
            Parameters = { new NpgsqlParameter<int> { TypedValue = customerId }, Texts(externalIds) },
        };
        var known = new Dictionary<string, Values>(StringComparer.Ordinal);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            known.Add(reader.GetString(0), new Values(reader.GetString(1), reader.GetString(2)));
        }

        return known;
    }

    private static NpgsqlParameter<string[]> Texts(IEnumerable<string> texts) => new() { TypedValue = [.. texts] };

    private readonly record struct Values(string Name, string TimeZone);
}
