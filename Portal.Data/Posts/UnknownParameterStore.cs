using Npgsql;
using Portal.Data.Measurements;
using Portal.TimeSeries;

namespace Portal.Data;

/// <summary>Keeps the parameters that devices post and nobody knows: by serial and name, first and last seen, and how often.</summary>
public sealed class UnknownParameterStore(NpgsqlDataSource dataSource)
{
    /// <summary>Most rows: a thousand devices with twenty each. A full table still counts what it has.</summary>
    public const int MaxRows = 20_000;

    /// <summary>Adds to the counts. Each pair of serial and name must be there once only.</summary>
    /// <exception cref="StoreUnavailableException">The database is away: nothing was added.</exception>
    public async Task AddAsync(IReadOnlyList<(string ExternalId, string Name, long Count)> seen, DateTimeOffset at, CancellationToken cancellationToken)
    {
        try
        {
            await using var command = dataSource.CreateCommand(
                """
                INSERT INTO portal."UnknownParameters" ("ExternalId", "Name", "FirstSeen", "LastSeen", "Count")
                SELECT p.external_id, p.name, $4, $4, p.count
                  FROM unnest($1, $2, $3) AS p(external_id, name, count)
                 WHERE (SELECT count(*) FROM portal."UnknownParameters") < $5
                    OR EXISTS (SELECT FROM portal."UnknownParameters" u WHERE u."ExternalId" = p.external_id AND u."Name" = p.name)
                 ORDER BY 1, 2
                ON CONFLICT ("ExternalId", "Name") DO UPDATE
                   SET "LastSeen" = greatest("UnknownParameters"."LastSeen", excluded."LastSeen"),
                       "Count" = "UnknownParameters"."Count" + excluded."Count"
                """
            );
            command.Parameters.AddWithValue(seen.Select(parameter => parameter.ExternalId).ToArray());
            command.Parameters.AddWithValue(seen.Select(parameter => parameter.Name).ToArray());
            command.Parameters.AddWithValue(seen.Select(parameter => parameter.Count).ToArray());
            command.Parameters.AddWithValue(at.UtcDateTime);
            command.Parameters.AddWithValue((long)MaxRows);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (Exception e) when (StoreErrors.IsUnavailable(e))
        {
            throw new StoreUnavailableException("Unknown parameters can't be written: " + e.GetBaseException().Message, e);
        }
    }
}
