using Microsoft.Extensions.Logging;
using Npgsql;

namespace Portal.TimeSeries.Engines;

/// <summary>Which engine a database has, and which one a fresh database gets.</summary>
internal static class EngineChoice
{
    /// <summary>The engine of the measurement table that is there; null where there is none yet, or a plain one.</summary>
    public static async Task<TimeSeriesEngine?> FoundAsync(
        SeriesLayout layout,
        NpgsqlConnection connection,
        CancellationToken cancellationToken
    )
    {
        await using var kind = new NpgsqlCommand(
            $"""
            SELECT (SELECT relkind::text FROM pg_class WHERE oid = to_regclass('{layout.Table}')),
                   EXISTS (SELECT FROM pg_extension WHERE extname = 'timescaledb')
            """,
            connection
        );
        await using (var reader = await kind.ExecuteReaderAsync(cancellationToken))
        {
            await reader.ReadAsync(cancellationToken);
            if (!reader.IsDBNull(0) && reader.GetString(0) == "p")
            {
                return TimeSeriesEngine.Postgres;
            }

            if (reader.IsDBNull(0) || !reader.GetBoolean(1))
            {
                return null;
            }
        }

        await using var hypertable = new NpgsqlCommand(
            $"""
            SELECT EXISTS (
              SELECT FROM timescaledb_information.hypertables
               WHERE hypertable_schema = '{layout.Schema}' AND hypertable_name = 'PowerMeasurements')
            """,
            connection
        );
        return (bool)(await hypertable.ExecuteScalarAsync(cancellationToken))! ? TimeSeriesEngine.Timescale : null;
    }

    /// <summary>
    /// TimescaleDB where its extension can be created here and has the features of its community licence, which continuous aggregates and
    /// compression are; else plain PostgreSQL, and the log says why.
    /// </summary>
    public static async Task<TimeSeriesEngine> OfferedAsync(NpgsqlDataSource dataSource, ILogger logger, CancellationToken cancellationToken)
    {
        try
        {
            await CreateExtensionAsync(dataSource, cancellationToken);
            return TimeSeriesEngine.Timescale;
        }
        catch (TimeSeriesException exception)
        {
            logger.LogInformation("Time series are kept by plain PostgreSQL: {Reason}", exception.Message);
            return TimeSeriesEngine.Postgres;
        }
    }

    /// <exception cref="TimeSeriesException">The server doesn't offer it; the message says why.</exception>
    public static async Task CreateExtensionAsync(NpgsqlDataSource dataSource, CancellationToken cancellationToken)
    {
        // A connection of its own: a server that doesn't preload the library ends the session that asks for the extension.
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var offered = new NpgsqlCommand(
            "SELECT EXISTS (SELECT FROM pg_available_extensions WHERE name = 'timescaledb')",
            connection
        );
        if (!(bool)(await offered.ExecuteScalarAsync(cancellationToken))!)
        {
            throw new TimeSeriesException("this server has no TimescaleDB extension");
        }

        try
        {
            await using var create = new NpgsqlCommand("CREATE EXTENSION IF NOT EXISTS timescaledb", connection);
            await create.ExecuteNonQueryAsync(cancellationToken);
            await using var licence = new NpgsqlCommand("SELECT current_setting('timescaledb.license', true)", connection);
            if (await licence.ExecuteScalarAsync(cancellationToken) is "apache")
            {
                throw new TimeSeriesException("its TimescaleDB runs under the Apache licence, without continuous aggregates");
            }
        }
        catch (PostgresException exception)
        {
            throw new TimeSeriesException($"its TimescaleDB extension can't be created: {exception.MessageText}", exception);
        }
    }
}
