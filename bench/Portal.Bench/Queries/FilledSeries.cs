using System.Globalization;
using Npgsql;
using Portal.Domain.Measurements;

namespace Portal.Bench.Queries;

/// <summary>Fills a schema's measurements with full rows by the minute, in the order of time as they come, and waits for the roll-ups.</summary>
/// <param name="schema"><c>monitoring</c>, or <c>fleet</c>, whose keys have the customer in front.</param>
internal sealed class FilledSeries(NpgsqlDataSource dataSource, string schema)
{
    private static readonly TimeSpan Patience = TimeSpan.FromHours(1);

    private readonly bool ofFleet = schema == "fleet";

    private string Customer => ofFleet ? "\"CustomerId\", " : "";

    /// <param name="until">The first day that has no rows.</param>
    /// <returns>How long the roll-ups took after the rows.</returns>
    public async Task<TimeSpan> FillAsync(DateTime until, int days)
    {
        var isPlain = await ScalarAsync<bool>($"SELECT to_regprocedure('{schema}.ensure_partition(timestamptz)') IS NOT NULL");
        for (var day = until.AddDays(-days); isPlain && day <= until; day = day.AddDays(1))
        {
            await ExecuteAsync($"SELECT {schema}.ensure_partition($1)", day);
        }

        var (started, filled) = (TimeProvider.System.GetTimestamp(), 0);
        await Parallel.ForEachAsync(
            Enumerable.Range(1, days).Select(day => until.AddDays(-day)).Reverse(),
            new ParallelOptions { MaxDegreeOfParallelism = 2 },
            async (day, _) =>
            {
                await AddAsync(day, day.AddDays(1));
                if (Interlocked.Increment(ref filled) is var done && done % 10 == 0)
                {
                    Tell($"{done} of {days} days written");
                }
            }
        );
        var written = TimeProvider.System.GetTimestamp();
        await FollowAsync(Tell);
        return TimeProvider.System.GetElapsedTime(written);

        void Tell(string what) => Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  … {TimeProvider.System.GetElapsedTime(started).TotalSeconds:0} s: {what}"));
    }

    /// <summary>Waits until the service that keeps the roll-ups up to date has done so.</summary>
    /// <param name="tell">Is told now and then how far it is.</param>
    public async Task FollowAsync(Action<string>? tell = null)
    {
        var from = TimeProvider.System.GetTimestamp();
        for (var asked = 1; await ScalarAsync<long>($"SELECT count(*) FROM {schema}.\"TouchedRanges\"") is > 0 and var notes; asked++)
        {
            if (TimeProvider.System.GetElapsedTime(from) > Patience)
            {
                throw new InvalidOperationException("The roll-ups did not follow.");
            }

            if (asked % 20 == 0)
            {
                tell?.Invoke($"{notes:N0} days of a device to roll up");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System);
        }

        await ExecuteAsync("VACUUM (ANALYZE)"); // what autovacuum would do a minute later, while somebody measures
    }

    /// <summary>Rows of every device by the minute, and the notes that go with them.</summary>
    public async Task AddAsync(DateTime from, DateTime to)
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var batch = new NpgsqlBatch(connection, transaction) { Timeout = 0 };
        batch.BatchCommands.Add(
            new(
                $"""
                INSERT INTO {schema}."PowerMeasurements" ({Customer}"DeviceId", "Time", "ReceivedAt", {string.Join(", ", BenchRows.Quantities20.Select(q => $"\"{q.Column}\""))})
                SELECT {(ofFleet ? "d.\"CustomerId\", " : "")}d."Id", t, t, {string.Join(", ", BenchRows.Quantities20.Select(Value))}
                  FROM (
                    SELECT t, extract(epoch FROM t - '2025-01-01Z')::double precision / 160 AS kwh
                      FROM generate_series($1::timestamptz, $2::timestamptz - interval '1 second', interval '1 minute') AS t
                  ) AS minutes
                 CROSS JOIN LATERAL (SELECT {Customer}"Id" FROM {schema}."Devices" WHERE t IS NOT NULL ORDER BY "Id" OFFSET 0) AS d -- minute by minute
                """
            )
            {
                Parameters = { new() { Value = from }, new() { Value = to } },
            }
        );
        // A note is of whole quarter hours within a day.
        batch.BatchCommands.Add(
            new(
                $"""
                INSERT INTO {schema}."TouchedRanges" ({Customer}"DeviceId", "From", "To")
                SELECT {Customer}"Id", date_bin('15 minutes', $1::timestamptz, '2000-01-01Z'), date_bin('15 minutes', $2::timestamptz - interval '1 second', '2000-01-01Z') + interval '15 minutes' FROM {schema}."Devices"
                """
            )
            {
                Parameters = { new() { Value = from }, new() { Value = to } },
            }
        );
        await batch.ExecuteNonQueryAsync();
        await transaction.CommitAsync();
    }

    /// <summary>Bytes of table, indexes and TOAST a row; on TimescaleDB with all chunks but the newest compressed.</summary>
    public async Task<double> BytesPerRowAsync()
    {
        var table = $"{schema}.\"PowerMeasurements\"";
        if (!await ScalarAsync<bool>("SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'timescaledb')"))
        {
            return await ScalarAsync<double>($"SELECT (SELECT sum(pg_total_relation_size(inhrelid)) FROM pg_inherits WHERE inhparent = '{table}'::regclass)::double precision / (SELECT count(*) FROM {table})");
        }

        await ExecuteAsync($"SELECT compress_chunk(c, true) FROM show_chunks('{table}', older_than => now() - interval '1 day') AS c");
        return await ScalarAsync<double>($"SELECT hypertable_size('{table}')::double precision / (SELECT count(*) FROM {table})");
    }

    public async Task<T> ScalarAsync<T>(string sql)
    {
        await using var command = dataSource.CreateCommand(sql);
        command.CommandTimeout = 0;
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async Task ExecuteAsync(string sql, params object[] parameters)
    {
        await using var command = dataSource.CreateCommand(sql);
        command.CommandTimeout = 0;
        command.Parameters.AddRange(parameters.Select(value => new NpgsqlParameter { Value = value }).ToArray());
        await command.ExecuteNonQueryAsync();
    }

    // As BenchRows': two decimals, and registers that only count up.
    private static string Value(Quantity quantity, int column) =>
        quantity == Quantities.PowerFactor ? "0.95"
        : quantity.Kind == QuantityKind.Register ? string.Create(CultureInfo.InvariantCulture, $"round(100 * (1000000 + d.\"Id\" * 100 + kwh + {column})) / 100")
        : string.Create(CultureInfo.InvariantCulture, $"(round(100 * (230 + d.\"Id\" % 100 + 7 * random() + {column})) / 100)::real");
}
