using System.Data;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using Portal.TimeSeries.Connection;
using Portal.TimeSeries.Readers;

namespace Portal.TimeSeries.Engines;

/// <summary>
/// The engine that the database has, found out when it is first needed. <c>Database__TimeSeries</c> decides for a fresh database; one that
/// has measurements already stays with its engine.
/// </summary>
internal sealed class ConfiguredTimeSeries(
    SeriesLayout layout,
    NpgsqlDataSource dataSource,
    IOptions<DatabaseOptions> options,
    ReaderRole readers,
    TimeProvider clock,
    ILogger<ConfiguredTimeSeries> logger
) : ITimeSeries
{
    private volatile ITimeSeries? found;

    /// <summary>
    /// Held while a schema of the database is brought up: the stack's and the fleet's may lie in one, and both create the extension and set
    /// what holds for the database as a whole.
    /// </summary>
    private const long BootstrapLock = 0x5453_4442_0001; // "TSDB" 1

    public async Task<TimeSeriesEngine> BootstrapAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await LockAsync(connection, "SELECT pg_advisory_lock($1)", cancellationToken);
        try
        {
            return await BootstrapOneAsync(connection, cancellationToken);
        }
        finally
        {
            // A connection that was lost has no lock any more, and its loss is what is reported.
            if (connection.FullState.HasFlag(ConnectionState.Open))
            {
                await LockAsync(connection, "SELECT pg_advisory_unlock($1)", CancellationToken.None);
            }
        }
    }

    private async Task<TimeSeriesEngine> BootstrapOneAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var wanted = options.Value.Engine;
        var existing = await EngineChoice.FoundAsync(layout, connection, cancellationToken);
        if (existing is not null && wanted is not null && existing != wanted)
        {
            throw new TimeSeriesException(
                $"Database__TimeSeries asks for {wanted}, but the measurements of this database are kept by {existing}. "
                    + "Set it to auto, or move the rows to a fresh database."
            );
        }

        var engine = existing ?? wanted ?? await EngineChoice.OfferedAsync(dataSource, logger, cancellationToken);
        if (existing is null && wanted is TimeSeriesEngine.Timescale)
        {
            await RequireTimescaleAsync(cancellationToken);
        }

        var timeSeries = Create(engine);
        await timeSeries.BootstrapAsync(connection, cancellationToken);
        await readers.UpdateAsync(connection, cancellationToken);
        dataSource.Clear(); // settings of the database reach a connection when it is made
        found = timeSeries;
        return engine;
    }

    public async Task<string?> MissingAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (found is null)
        {
            if (await EngineChoice.FoundAsync(layout, connection, cancellationToken) is not { } engine)
            {
                return $"{layout.Table} is not there yet";
            }

            found = Create(engine);
        }

        return await found.MissingAsync(connection, cancellationToken);
    }

    public async Task EnsureTimeRangeAsync(DateTimeOffset min, DateTimeOffset max, CancellationToken cancellationToken) =>
        await (await FoundAsync(cancellationToken)).EnsureTimeRangeAsync(min, max, cancellationToken);

    public async Task NoteTouchedAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        IReadOnlyList<(DeviceKey Device, DateTimeOffset QuarterHour)> touched,
        NpgsqlBatchCommand? besides,
        CancellationToken cancellationToken
    ) => await (await FoundAsync(cancellationToken)).NoteTouchedAsync(connection, transaction, touched, besides, cancellationToken);

    public async Task<RollUpPass?> RefreshAsync(CancellationToken cancellationToken) =>
        await (await FoundAsync(cancellationToken)).RefreshAsync(cancellationToken);

    public async Task<long> ForgetDeviceAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        DeviceKey device,
        CancellationToken cancellationToken
    ) => await (await FoundAsync(cancellationToken)).ForgetDeviceAsync(connection, transaction, device, cancellationToken);

    private async Task<ITimeSeries> FoundAsync(CancellationToken cancellationToken)
    {
        if (found is { } known)
        {
            return known;
        }

        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var engine =
            await EngineChoice.FoundAsync(layout, connection, cancellationToken)
            ?? throw new TimeSeriesException($"{layout.Table} is not there yet: the service that owns it creates it when it starts.");
        return found = Create(engine);
    }

    private ITimeSeries Create(TimeSeriesEngine engine) =>
        engine is TimeSeriesEngine.Timescale ? new TimescaleTimeSeries(layout, dataSource, clock) : new PostgresTimeSeries(layout, dataSource, clock);

    private static async Task LockAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection)
        {
            CommandTimeout = 0, // whoever holds it converts a large table, perhaps
            Parameters = { new() { Value = BootstrapLock } },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task RequireTimescaleAsync(CancellationToken cancellationToken)
    {
        try
        {
            await EngineChoice.CreateExtensionAsync(dataSource, cancellationToken);
        }
        catch (TimeSeriesException exception)
        {
            throw new TimeSeriesException($"Database__TimeSeries asks for timescale, but {exception.Message}. Set it to auto or postgres.", exception);
        }
    }
}
