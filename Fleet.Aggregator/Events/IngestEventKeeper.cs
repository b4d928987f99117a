using Fleet.Aggregator.Measurements;
using Fleet.Aggregator.Silences;
using Microsoft.Extensions.Options;
using Npgsql;
using Portal.TimeSeries;

namespace Fleet.Aggregator.Events;

/// <summary>
/// Drops ingest events that are too old or too many, and silences that ended long ago, every few minutes and a slice at a time. One of all
/// aggregators does it, by an advisory lock. On shutdown a slice is broken off; what it would have dropped is dropped later.
/// </summary>
internal sealed class IngestEventKeeper(
    NpgsqlDataSource dataSource,
    IOptions<IngestEventOptions> options,
    IOptions<SilenceOptions> silences,
    SchemaReady schema,
    TimeProvider clock,
    ILogger<IngestEventKeeper> logger
) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);

    /// <summary>Sent again within it, a batch is still answered as it was.</summary>
    private static readonly TimeSpan AlwaysKept = TimeSpan.FromHours(1);

    /// <summary>Rows of one transaction: some tens of milliseconds.</summary>
    private const int Slice = 10_000;

    // Every event by the newest that still has to go: the index on "ReceivedAt" is counted from its end, and only where there may be too many.
    private const string FindCut = """
        SELECT "ReceivedAt" FROM fleet."IngestEvents"
         WHERE (SELECT reltuples FROM pg_class WHERE oid = 'fleet."IngestEvents"'::regclass) NOT BETWEEN 0 AND 0.9 * $1
         ORDER BY "ReceivedAt" DESC OFFSET $1 LIMIT 1
        """;

    private const string DropEvents = """
        DELETE FROM fleet."IngestEvents"
         WHERE ("CustomerId", "ReceivedAt", "Id") IN (
           SELECT "CustomerId", "ReceivedAt", "Id" FROM fleet."IngestEvents" WHERE "ReceivedAt" <= $1 ORDER BY "ReceivedAt" LIMIT $2)
        """;

    private const string DropSilences = """
        DELETE FROM fleet."Silences" WHERE "EndedAt" < $1
        """;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await schema.Task.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(Interval, clock);
        do
        {
            try
            {
                await RunAsync(stoppingToken);
            }
            catch (NpgsqlException error)
            {
                logger.LogWarning("Old ingest events could not be dropped, the next pass does: {Reason}", error.Message);
            }
        } while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>Drops all that has to go.</summary>
    /// <returns>How many events.</returns>
    internal async Task<long> RunAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var cut = now - options.Value.MaxAge;
        await using (var find = dataSource.CreateCommand(FindCut))
        {
            find.CommandTimeout = 0; // some seconds over many millions
            find.Parameters.Add(new NpgsqlParameter<int> { TypedValue = options.Value.MaxCount });
            if (await find.ExecuteScalarAsync(cancellationToken) is DateTime surplus && surplus > cut.UtcDateTime)
            {
                var newest = now - AlwaysKept;
                cut = surplus < newest.UtcDateTime ? new DateTimeOffset(surplus) : newest;
            }
        }

        var dropped = 0L;
        for (var more = true; more; )
        {
            var slice = await DropAsync(DropEvents, cut, cancellationToken, new NpgsqlParameter<int> { TypedValue = Slice });
            dropped += slice ?? 0;
            more = slice == Slice;
        }

        await DropAsync(DropSilences, now - silences.Value.KeepFor, cancellationToken);
        return dropped;
    }

    // Null where another aggregator is at it.
    private async Task<int?> DropAsync(string sql, DateTimeOffset before, CancellationToken cancellationToken, params NpgsqlParameter[] more)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var lead = new NpgsqlCommand("SELECT pg_try_advisory_xact_lock($1)", connection, transaction)
        {
            Parameters = { new NpgsqlParameter<long> { TypedValue = FleetLocks.IngestEvents } },
        };
        if (await lead.ExecuteScalarAsync(cancellationToken) is not true)
        {
            return null;
        }

        await using var drop = new NpgsqlCommand(sql, connection, transaction) { Parameters = { SilencePass.Instant(before) } };
        drop.Parameters.AddRange(more);
        var dropped = await drop.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return dropped;
    }
}
