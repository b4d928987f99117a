using Npgsql;
using NpgsqlTypes;
using Portal.Domain.Measurements;

namespace Portal.Bench;

/// <summary>
/// What all writing is compared with: raw binary COPY into a plain table with primary key (device, time), one connection, one COPY and one commit per
/// 5,000 rows of <see cref="BenchRows"/>.
/// </summary>
internal static class CopyReference
{
    public const int RowsOfCommit = 5_000;
    private const int Devices = 100;

    /// <summary>Commits that are not measured: this client's code is compiled for speed first, as the services' is.</summary>
    private const int WarmUp = 160;

    /// <returns>Rows a second.</returns>
    public static async Task<double> RunAsync(string connectionString, int commits)
    {
        await using var dataSource = NpgsqlDataSource.Create(connectionString);
        await using var connection = await dataSource.OpenConnectionAsync();
        await ExecuteAsync(
            connection,
            $"""
            DROP TABLE IF EXISTS copy_reference;
            CREATE TABLE copy_reference (device integer, time timestamptz, {string.Join(", ", BenchRows.Quantities20.Select(q => $"{q.Name} {(q.Kind == QuantityKind.Register ? "double precision" : "real")}"))}, PRIMARY KEY (device, time))
            """
        );
        var start = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        var from = 0L;
        for (var commit = -WarmUp; commit < commits; commit++)
        {
            if (commit == 0)
            {
                from = TimeProvider.System.GetTimestamp();
            }

            await using var copy = await connection.BeginBinaryImportAsync("COPY copy_reference FROM STDIN (FORMAT BINARY)");
            for (var row = 0; row < RowsOfCommit; row++)
            {
                await copy.StartRowAsync();
                await copy.WriteAsync(row / (RowsOfCommit / Devices), NpgsqlDbType.Integer);
                await copy.WriteAsync(start.AddMinutes((commit * (RowsOfCommit / Devices)) + (row % (RowsOfCommit / Devices))), NpgsqlDbType.TimestampTz);
                for (var i = 0; i < BenchRows.Quantities20.Count; i++)
                {
                    var value = BenchRows.Value(i, row / (RowsOfCommit / Devices), WarmUp + commit + row);
                    if (BenchRows.Quantities20[i].Kind == QuantityKind.Register)
                    {
                        await copy.WriteAsync(value, NpgsqlDbType.Double);
                    }
                    else
                    {
                        await copy.WriteAsync((float)value, NpgsqlDbType.Real);
                    }
                }
            }

            await copy.CompleteAsync();
        }

        var took = TimeProvider.System.GetElapsedTime(from);
        await ExecuteAsync(connection, "DROP TABLE copy_reference");
        return commits * (double)RowsOfCommit / took.TotalSeconds;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
