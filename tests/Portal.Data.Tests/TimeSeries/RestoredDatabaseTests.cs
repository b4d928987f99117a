using System.Diagnostics;
using Npgsql;
using Portal.AppHost.Local;
using Portal.Testing;

namespace Portal.Data.Tests.TimeSeries;

/// <summary>The operations guide's backup and restore, with the server's own pg_dump and pg_restore.</summary>
public sealed class RestoredDatabaseTests
{
    private static readonly DateTimeOffset Start = new(2024, 5, 31, 23, 0, 0, TimeSpan.Zero);

    [PostgresFact]
    public async Task A_restored_database_starts_without_error_and_goes_on()
    {
        if (PostgresBinaries.Find() is not { } binaries)
        {
            return; // PORTAL_TEST_POSTGRES names a server elsewhere, and its tools aren't here
        }

        var source = await PostgresServer.CreateDatabaseAsync("backup");
        await using var before = await PortalHost.MigratedAsync(source);
        var schema = await SchemaText.ReadAsync(before.DataSource);
        await TestRows.WriteAsync(before, TestRow.Of(1, Start, 1, 10), TestRow.Of(1, Start.AddHours(2), 2, 20));
        await TestRows.RefreshAllAsync(before);
        await TestRows.WriteAsync(before, TestRow.Of(1, Start.AddMinutes(5), 3, 11)); // touched, and not rolled up yet
        var rows = await before.ScalarAsync<string>(PlainTables.Checksum);

        var target = await PostgresServer.CreateDatabaseAsync("restore");
        var dump = Path.Combine(Path.GetTempPath(), $"portal-{Guid.NewGuid():N}.dump");
        try
        {
            await RunAsync(binaries, "pg_dump", source, "-F", "c", "-f", dump);
            await RunAsync(binaries, "pg_restore", target, "--no-owner", "--clean", "--if-exists", dump);
        }
        finally
        {
            File.Delete(dump);
        }

        await using var after = await PortalHost.MigratedAsync(target);
        Assert.DoesNotContain(after.LogLines, line => line.StartsWith("Applied migration", StringComparison.Ordinal));
        Assert.Equal(schema, await SchemaText.ReadAsync(after.DataSource));
        Assert.Equal(rows, await after.ScalarAsync<string>(PlainTables.Checksum));
        await BruteForce.AssertRelationsAsync(after);

        await TestRows.WriteAsync(after, TestRow.Of(1, Start.AddMinutes(6), 4, 12), TestRow.Of(1, Start.AddMonths(-3), 4, 5));
        await TestRows.RefreshAllAsync(after);
        await BruteForce.AssertRelationsAsync(after);
    }

    private static async Task RunAsync(string binaries, string tool, string database, params string[] arguments)
    {
        var settings = new NpgsqlConnectionStringBuilder(database);
        var start = new ProcessStartInfo(
            Path.Combine(binaries, tool),
            ["-h", settings.Host!, "-p", $"{settings.Port}", "-U", settings.Username!, "-d", settings.Database!, .. arguments]
        )
        {
            RedirectStandardError = true,
            Environment = { ["PGPASSWORD"] = settings.Password },
        };
        using var process = Process.Start(start)!;
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{tool}: {errors}");
    }
}
