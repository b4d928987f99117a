using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Portal.TimeSeries.Readers;

/// <summary>
/// The role with which Grafana reads one schema: measurements, roll-ups and names, nothing else. It is made, and brought up to date, whenever
/// the service that owns the schema starts, after the bootstrap: so what a release adds to the roll-ups is seen with its first start.
/// </summary>
/// <remarks>
/// No default privileges: they would open every table to come, those with tokens and the audit trail among them. What isn't on the list is
/// taken away again, so a list that becomes shorter, or a grant by hand, doesn't last.
/// </remarks>
internal sealed class ReaderRole(SeriesLayout layout, IOptions<GrafanaOptions> options, ILogger<ReaderRole> logger)
{
    /// <summary>Connections of Grafana at most: a dashboard of a dozen panels asks for as many at once, and a hundred are all that a server has.</summary>
    private const int MostConnections = 20;

    // Whoever may look at dashboards may send any SQL as this role. A statement that takes longer than this helps nobody who waits for a panel.
    private static readonly (string Name, string Value)[] Settings =
    [
        ("default_transaction_read_only", "on"),
        ("statement_timeout", "30s"),
        ("idle_in_transaction_session_timeout", "60s"),
    ];

    /// <summary>Tables that both layouts have. Roll-ups, and views over them, are found by their kind.</summary>
    private static readonly string[] Tables = ["PowerMeasurements", "Sites", "Devices", "TouchedRanges"];

    private const string Update = """
        DO $do$
        DECLARE
          reader text := current_setting('portal_reader.name');
          schema text := current_setting('portal_reader.schema');
          existing record;
          setting record;
          relation record;
        BEGIN
          PERFORM set_config('portal_reader.outcome', '', true);
          SELECT rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls,
                 EXISTS (SELECT FROM pg_auth_members AS m WHERE m.member = r.oid) AS member,
                 EXISTS (SELECT FROM pg_database AS d WHERE d.datdba = r.oid) AS owner
            INTO existing FROM pg_roles AS r WHERE rolname = reader;
          IF reader IN (current_user, session_user) OR existing.rolsuper OR existing.rolcreaterole OR existing.rolcreatedb
             OR existing.rolreplication OR existing.rolbypassrls OR existing.member OR existing.owner THEN
            RAISE EXCEPTION 'Role "%" may do more than read', reader
              USING HINT = 'Grafana needs a role of its own: set Grafana__DatabaseUser to another name, or leave it out.';
          END IF;

          BEGIN
            IF existing IS NULL THEN
              EXECUTE format('CREATE ROLE %I', reader);
            END IF;
            EXECUTE format('ALTER ROLE %I LOGIN CONNECTION LIMIT %s PASSWORD %L',
                           reader, current_setting('portal_reader.connections'), current_setting('portal_reader.verifier'));
            FOR setting IN SELECT split_part(s, '=', 1) AS name, split_part(s, '=', 2) AS value
                             FROM unnest(string_to_array(current_setting('portal_reader.settings'), ',')) AS s LOOP
              EXECUTE format('ALTER ROLE %I SET %I = %L', reader, setting.name, setting.value);
            END LOOP;
          EXCEPTION WHEN insufficient_privilege THEN
            PERFORM set_config('portal_reader.outcome', SQLERRM, true);
          END;
          IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = reader) THEN
            RETURN;
          END IF;

          EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', schema, reader);
          -- Only what differs: on a hypertable each grant is written to all of its chunks.
          FOR relation IN
            SELECT * FROM (
              SELECT c.oid::regclass AS name, c.relkind,
                     c.relkind = 'v' OR c.relname LIKE '%RollUps' OR c.relname = ANY (string_to_array(current_setting('portal_reader.tables'), ',')) AS wanted,
                     has_table_privilege(reader, c.oid, 'SELECT') AS may_read, has_any_column_privilege(reader, c.oid, 'SELECT') AS may_read_some,
                     has_table_privilege(reader, c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER') OR has_any_column_privilege(reader, c.oid, 'INSERT, UPDATE, REFERENCES') AS may_write
                FROM pg_class AS c
               WHERE c.relnamespace = to_regnamespace(quote_ident(schema)) AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
            ) AS all_relations
             WHERE may_write OR CASE WHEN wanted THEN NOT may_read ELSE may_read_some END
          LOOP
            IF relation.may_write OR NOT relation.wanted THEN
              EXECUTE format('REVOKE ALL ON %s FROM %I', relation.name, reader);
            END IF;
            IF relation.wanted THEN
              EXECUTE format('GRANT SELECT ON %s TO %I', relation.name, reader);
            END IF;
          END LOOP;
        END $do$
        """;

    /// <summary>Makes or updates the role and what it may read. The caller holds a lock that lets one at a time do so.</summary>
    /// <exception cref="TimeSeriesException">The role that the settings name is none that may be changed; the message says what to do.</exception>
    public async Task UpdateAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (options.Value.DatabasePassword is not { } password)
        {
            return;
        }

        var name = options.Value.DatabaseUser ?? Shortened($"grafana_{connection.Database}");
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection, transaction)
        {
            BatchCommands =
            {
                // The values as parameters: a statement's text ends up in logs.
                Values(
                    ("name", name),
                    ("schema", layout.Schema),
                    ("verifier", ScramVerifier.Of(password)),
                    ("connections", $"{MostConnections}"),
                    ("settings", string.Join(',', Settings.Select(setting => $"{setting.Name}={setting.Value}"))),
                    ("tables", string.Join(',', Tables.Concat(layout.Readable)))
                ),
                new NpgsqlBatchCommand(Update),
                new NpgsqlBatchCommand("SELECT current_setting('portal_reader.outcome')"),
            },
        };
        try
        {
            string refusal;
            await using (var reader = await batch.ExecuteReaderAsync(cancellationToken))
            {
                await reader.NextResultAsync(cancellationToken);
                await reader.ReadAsync(cancellationToken);
                refusal = reader.GetString(0);
            }

            await transaction.CommitAsync(cancellationToken);
            Log(name, refusal);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.RaiseException)
        {
            throw new TimeSeriesException($"Grafana's role: {exception.MessageText}. {exception.Hint}", exception);
        }
    }

    private void Log(string name, string refusal)
    {
        if (refusal.Length == 0)
        {
            logger.LogInformation("Role {Role} may read the measurements, roll-ups and names of {Schema}", name, layout.Schema);
        }
        else
        {
            logger.LogWarning(
                "Grafana's role {Role} could not be made or given its password ({Reason}): let this service's database user create roles, or let an administrator "
                    + "run CREATE ROLE {Role} LOGIN with that password, and start again. What it may read in {Schema} is granted where it exists",
                name,
                refusal,
                name,
                layout.Schema
            );
        }
    }

    /// <summary>PostgreSQL cuts longer names, and would not find them again.</summary>
    private static string Shortened(string name) => name.Length <= 63 ? name : name[..63];

    private static NpgsqlBatchCommand Values(params (string Name, string Value)[] values)
    {
        var command = new NpgsqlBatchCommand(
            $"SELECT {string.Join(", ", values.Select((value, index) => $"set_config('portal_reader.{value.Name}', ${index + 1}, true)"))}"
        );
        foreach (var (_, value) in values)
        {
            command.Parameters.Add(new() { Value = value });
        }

        return command;
    }
}
