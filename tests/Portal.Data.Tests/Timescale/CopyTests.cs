using Npgsql;
using NpgsqlTypes;
using Portal.Testing;
using static Portal.Data.Tests.Timescale.Statements;

namespace Portal.Data.Tests.Timescale;

/// <summary>COPY as the measurement writer uses it, in both directions and both formats.</summary>
public sealed class CopyTests(TimescaleDatabase database) : IClassFixture<TimescaleDatabase>
{
    private const string Columns = "device int, time timestamptz, power real, energy double precision, load text";

    private static readonly DateTimeOffset Start = new(2026, 11, 23, 10, 0, 0, TimeSpan.Zero);

    [TimescaleFact]
    public async Task Binary_rows_go_in_and_come_out_unchanged()
    {
        await using var dataSource = await WithTableAsync(database, "binary_rows", Columns);
        await using var connection = await dataSource.OpenConnectionAsync();
        // 20,000 rows are a megabyte: many chunks of TCP and of the protocol.
        await ImportAsync(connection, "binary_rows", 20_000);

        await using var reader = await connection.BeginBinaryExportAsync(
            "COPY (SELECT * FROM binary_rows ORDER BY time) TO STDOUT (FORMAT binary)");
        var rows = 0;
        while (await reader.StartRowAsync() == 5)
        {
            Assert.Equal(rows % 7, await reader.ReadAsync<int>(NpgsqlDbType.Integer));
            Assert.Equal(Start.AddSeconds(rows).UtcDateTime, await reader.ReadAsync<DateTime>(NpgsqlDbType.TimestampTz));
            Assert.Equal(rows / 4f, await reader.ReadAsync<float>(NpgsqlDbType.Real));
            Assert.Equal(rows / 3d, await reader.ReadAsync<double>(NpgsqlDbType.Double));
            if (rows % 2 == 0)
                Assert.True(reader.IsNull);
            if (reader.IsNull)
                await reader.SkipAsync();
            else
                Assert.Equal($"é{rows}", await reader.ReadAsync<string>(NpgsqlDbType.Text));
            rows++;
        }
        Assert.Equal(20_000, rows);
    }

    [TimescaleFact]
    public async Task A_duplicate_fails_the_copy_at_its_end_and_leaves_nothing()
    {
        await using var dataSource = await WithTableAsync(database, "copied_twice", Columns + ", PRIMARY KEY (device, time)");
        await using var connection = await dataSource.OpenConnectionAsync();
        await ImportAsync(connection, "copied_twice", 100);
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            var exception = await Assert.ThrowsAsync<PostgresException>(() => ImportAsync(connection, "copied_twice", 101));
            Assert.Equal(PostgresErrorCodes.UniqueViolation, exception.SqlState);
            await AssertFailsAsync(connection, "SELECT 1", PostgresErrorCodes.InFailedSqlTransaction);
        }
        Assert.Equal(100L, await ScalarAsync(connection, "SELECT count(*) FROM copied_twice"));
    }

    [TimescaleFact]
    public async Task An_import_that_is_not_completed_stores_nothing()
    {
        await using var dataSource = await WithTableAsync(database, "cancelled", "a int");
        await using var connection = await dataSource.OpenConnectionAsync();
        await using (var writer = await connection.BeginBinaryImportAsync("COPY cancelled FROM STDIN (FORMAT binary)"))
        {
            await writer.StartRowAsync();
            await writer.WriteAsync(1, NpgsqlDbType.Integer);
        }
        Assert.Equal(0L, await ScalarAsync(connection, "SELECT count(*) FROM cancelled"));
    }

    [TimescaleFact]
    public async Task Two_imports_at_once_both_arrive()
    {
        await using var dataSource = await WithTableAsync(database, "side_by_side", Columns);
        await using var first = await dataSource.OpenConnectionAsync();
        await using var second = await dataSource.OpenConnectionAsync();
        const string copy = "COPY side_by_side (device) FROM STDIN (FORMAT binary)";
        await using (var one = await first.BeginBinaryImportAsync(copy))
        await using (var two = await second.BeginBinaryImportAsync(copy))
        {
            for (var row = 0; row < 10; row++)
            {
                await one.StartRowAsync();
                await one.WriteAsync(1, NpgsqlDbType.Integer);
                await two.StartRowAsync();
                await two.WriteAsync(2, NpgsqlDbType.Integer);
            }
            Assert.Equal(10UL, await two.CompleteAsync());
            Assert.Equal(10UL, await one.CompleteAsync());
        }
        Assert.Equal(30L, await ScalarAsync(dataSource, "SELECT sum(device) FROM side_by_side"));
    }

    [TimescaleFact]
    public async Task A_missing_table_or_column_is_told_before_the_first_row()
    {
        await using var dataSource = await WithTableAsync(database, "narrow", "a int");
        await using var connection = await dataSource.OpenConnectionAsync();
        Assert.Equal(PostgresErrorCodes.UndefinedTable, await FailureAsync("COPY nowhere FROM STDIN (FORMAT binary)"));
        Assert.Equal(PostgresErrorCodes.UndefinedColumn, await FailureAsync("COPY narrow (b) FROM STDIN (FORMAT binary)"));
        Assert.Equal(0L, await ScalarAsync(connection, "SELECT count(*) FROM narrow"));

        async Task<string> FailureAsync(string copy) =>
            (await Assert.ThrowsAsync<PostgresException>(() => connection.BeginBinaryImportAsync(copy))).SqlState;
    }

    [TimescaleFact]
    public async Task Text_rows_go_in_and_come_out_unchanged()
    {
        await using var dataSource = await WithTableAsync(database, "\"Text rows\"", "\"No.\" int, said text, twice int GENERATED ALWAYS AS (\"No.\" * 2) STORED");
        await using var connection = await dataSource.OpenConnectionAsync();
        await using (var writer = await connection.BeginTextImportAsync("COPY \"Text rows\" FROM STDIN WITH (FORMAT csv)"))
            await writer.WriteAsync("1,\"a, b\"\n2,\n");
        using var reader = await connection.BeginTextExportAsync("COPY (SELECT * FROM \"Text rows\" ORDER BY 1) TO STDOUT");
        Assert.Equal("1\ta, b\t2\n2\t\\N\t4\n", await reader.ReadToEndAsync());
    }

    private static async Task ImportAsync(NpgsqlConnection connection, string table, int rows)
    {
        await using var writer = await connection.BeginBinaryImportAsync($"COPY {table} (device, time, power, energy, load) FROM STDIN (FORMAT binary)");
        for (var row = 0; row < rows; row++)
        {
            await writer.StartRowAsync();
            await writer.WriteAsync(row % 7, NpgsqlDbType.Integer);
            await writer.WriteAsync(Start.AddSeconds(row), NpgsqlDbType.TimestampTz);
            await writer.WriteAsync(row / 4f, NpgsqlDbType.Real);
            await writer.WriteAsync(row / 3d, NpgsqlDbType.Double);
            if (row % 2 == 0)
                await writer.WriteNullAsync();
            else
                await writer.WriteAsync($"é{row}", NpgsqlDbType.Text);
        }
        Assert.Equal((ulong)rows, await writer.CompleteAsync());
    }
}
