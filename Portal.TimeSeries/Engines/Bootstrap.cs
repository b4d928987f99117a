using Npgsql;
using Portal.Domain.Measurements;

namespace Portal.TimeSeries.Engines;

/// <summary>
/// Runs an engine's scripts in one transaction: those of <c>versions/</c> that haven't run yet, each with the row that remembers it, and all of
/// <c>idempotent/</c>. So a start that fails or is interrupted leaves what was there.
/// </summary>
internal sealed class Bootstrap(SeriesLayout layout, TimeSeriesEngine engine, IReadOnlyList<Quantity> quantities)
{
    /// <summary>How long a statement waits for a lock before the start fails: a forgotten transaction of somebody else should be seen, not waited for.</summary>
    private const string LockTimeout = "SET LOCAL lock_timeout = '60s'";

    private readonly string remembered = $"""
        CREATE TABLE IF NOT EXISTS {layout.Schema}."TimeSeriesVersions" (
          "Script" text PRIMARY KEY,
          "AppliedAt" timestamptz NOT NULL DEFAULT now()
        )
        """;

    private readonly IReadOnlyList<SqlScript> scripts = SqlScript.Of(layout, engine, quantities);

    public async Task RunAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(connection, transaction, LockTimeout, cancellationToken);
        await ExecuteAsync(connection, transaction, remembered, cancellationToken);
        var applied = await AppliedAsync(connection, cancellationToken);
        foreach (var script in scripts.Where(script => !script.Once || !applied.Contains(script.Name)))
        {
            await RunAsync(connection, transaction, script, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Null where every version was run and every quantity has its column, else what is missing.</summary>
    public async Task<string?> MissingAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var applied = await AppliedAsync(connection, cancellationToken);
        if (scripts.FirstOrDefault(script => script.Once && !applied.Contains(script.Name)) is { } script)
        {
            return $"the time-series script {script.Name} has not run yet";
        }

        await using var command = new NpgsqlCommand(
            $"""
            SELECT name FROM unnest($1) AS name
             WHERE NOT EXISTS (
               SELECT FROM pg_attribute
                WHERE attrelid = to_regclass('{layout.Table}') AND attname = name AND NOT attisdropped)
             LIMIT 1
            """,
            connection
        )
        {
            Parameters = { new() { Value = quantities.Select(q => q.Column).ToArray() } },
        };
        return await command.ExecuteScalarAsync(cancellationToken) is string column
            ? $"{layout.Table} has no column \"{column}\" yet"
            : null;
    }

    private async Task<HashSet<string>> AppliedAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var applied = new HashSet<string>(StringComparer.Ordinal);
        await using var command = new NpgsqlCommand($"""SELECT "Script" FROM {layout.Schema}."TimeSeriesVersions" """, connection);
        try
        {
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                applied.Add(reader.GetString(0));
            }
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            // No bootstrap has run here: nothing is applied.
        }

        return applied;
    }

    private async Task RunAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        SqlScript script,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await ExecuteAsync(connection, transaction, script.Text, cancellationToken);
            if (script.Once)
            {
                await RememberAsync(connection, transaction, script, cancellationToken);
            }
        }
        catch (PostgresException exception)
        {
            var hint = exception.Hint is null ? "" : $" {exception.Hint}";
            throw new TimeSeriesException($"{script.Name}: {exception.MessageText}.{hint}", exception);
        }
    }

    private async Task RememberAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        SqlScript script,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(
            $"""INSERT INTO {layout.Schema}."TimeSeriesVersions" ("Script") VALUES ($1)""",
            connection,
            transaction
        )
        {
            Parameters = { new() { Value = script.Name } },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task ExecuteAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        string sql,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(sql, connection, transaction)
        {
            CommandTimeout = 0, // converting a large table takes as long as it takes; the start can be cancelled
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
