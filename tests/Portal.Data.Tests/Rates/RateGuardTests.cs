using System.Diagnostics.CodeAnalysis;
using Npgsql;
using Portal.Testing;

namespace Portal.Data.Tests.Rates;

/// <summary>What the database refuses whoever asks, on both engines.</summary>
public sealed class RateGuardTests
{
    private const string Ids = """
        INSERT INTO monitoring."Sites" ("Id", "Name", "TimeZone", "CreatedAt") VALUES ('00000000-0000-0000-0000-000000000001', 'Mill', 'Africa/Johannesburg', now());
        INSERT INTO monitoring."Municipalities" ("Id", "Name", "CreatedAt") VALUES ('00000000-0000-0000-0000-000000000002', 'Town', now());
        INSERT INTO monitoring."Tariffs" ("Id", "MunicipalityId", "Name", "CreatedAt")
        VALUES ('00000000-0000-0000-0000-000000000003', '00000000-0000-0000-0000-000000000002', 'Tariff', now());
        INSERT INTO monitoring."Clocks" ("Id", "Name") VALUES ('00000000-0000-0000-0000-000000000004', 'Clock');
        INSERT INTO monitoring."ClockVersions" ("Id", "ClockId", "From", "Content")
        VALUES ('00000000-0000-0000-0000-000000000005', '00000000-0000-0000-0000-000000000004', '2020-01-01', '{}');
        """;

    [PostgresFact]
    public async Task Plain_postgres_keeps_approved_versions_and_validities() => await GuardsAsync(await PostgresServer.CreateDatabaseAsync("rates"));

    [TimescaleFact]
    public async Task Timescale_keeps_approved_versions_and_validities()
    {
        await using var database = await TimescaleDatabase.CreateAsync();
        await GuardsAsync(database.ConnectionString);
    }

    [PostgresFact]
    public async Task Of_two_that_assign_a_tariff_at_the_same_time_one_is_refused()
    {
        await using var host = await PortalHost.MigratedAsync(await PostgresServer.CreateDatabaseAsync("rates"));
        await host.ExecuteAsync(Ids);
        await using var connection = await host.DataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var first = new NpgsqlCommand(Assigned("11", "2025-01-01", "NULL"), connection, transaction)) await first.ExecuteNonQueryAsync();

        var second = host.ExecuteAsync(Assigned("12", "2026-01-01", "NULL"));
        await PortalHost.EventuallyAsync(
            async () => await host.ScalarAsync<long>("SELECT count(*) FROM pg_locks WHERE NOT granted AND pid IN (SELECT pid FROM pg_stat_activity WHERE datname = current_database())") > 0,
            "the second one waits for the first");
        await transaction.CommitAsync();

        var refused = await Assert.ThrowsAsync<PostgresException>(() => second);
        Assert.Equal(PostgresErrorCodes.ExclusionViolation, refused.SqlState);
    }

    private static async Task GuardsAsync(string connection)
    {
        await using var host = await PortalHost.MigratedAsync(connection);
        await host.ExecuteAsync(Ids);
        await host.ExecuteAsync(Version("21", "2024-07-01", "NULL", "draft"));
        await host.ExecuteAsync("""UPDATE monitoring."TariffVersions" SET "VatPercent" = 14""");
        await host.ExecuteAsync("""UPDATE monitoring."TariffVersions" SET "State" = 'approved'""");

        await RefusedAsync(host, """UPDATE monitoring."TariffVersions" SET "VatPercent" = 15""", PostgresErrorCodes.RestrictViolation);
        await RefusedAsync(host, """UPDATE monitoring."TariffVersions" SET "Content" = '{"components":[]}'""", PostgresErrorCodes.RestrictViolation);
        await RefusedAsync(host, """UPDATE monitoring."TariffVersions" SET "From" = '2024-08-01'""", PostgresErrorCodes.RestrictViolation);
        await RefusedAsync(host, """UPDATE monitoring."TariffVersions" SET "State" = 'draft'""", PostgresErrorCodes.RestrictViolation);
        await RefusedAsync(host, """DELETE FROM monitoring."TariffVersions" """, PostgresErrorCodes.RestrictViolation);
        await RefusedAsync(host, """DELETE FROM monitoring."Tariffs" """, PostgresErrorCodes.RestrictViolation);
        await RefusedAsync(host, Version("22", "2025-07-01", "NULL", "approved"), PostgresErrorCodes.ExclusionViolation);

        await RefusedAsync(host, """UPDATE monitoring."ClockVersions" SET "Content" = '{"bands":[]}'""", PostgresErrorCodes.RestrictViolation);
        await RefusedAsync(host, """DELETE FROM monitoring."ClockVersions" """, PostgresErrorCodes.RestrictViolation);
        await RefusedAsync(host, ClockVersion("2025-01-01"), PostgresErrorCodes.ExclusionViolation);
        await host.ExecuteAsync("""UPDATE monitoring."ClockVersions" SET "To" = '2025-01-01'""");
        await host.ExecuteAsync(ClockVersion("2025-01-01"));

        // An end where there was none is no change of what was, and once it is given it stays.
        await host.ExecuteAsync("""UPDATE monitoring."TariffVersions" SET "To" = '2025-07-01'""");
        await RefusedAsync(host, """UPDATE monitoring."TariffVersions" SET "To" = '2025-08-01'""", PostgresErrorCodes.RestrictViolation);
        await host.ExecuteAsync(Version("22", "2025-07-01", "NULL", "approved"));
        await host.ExecuteAsync("""UPDATE monitoring."TariffVersions" SET "State" = 'withdrawn' WHERE "Id" = '00000000-0000-0000-0000-000000000022'""");
        await RefusedAsync(host, """UPDATE monitoring."TariffVersions" SET "State" = 'approved' WHERE "Id" = '00000000-0000-0000-0000-000000000022'""", PostgresErrorCodes.RestrictViolation);
        await host.ExecuteAsync(Version("23", "2025-07-01", "NULL", "approved"));

        await host.ExecuteAsync(Assigned("31", "2024-07-01", "'2025-01-01'"));
        await host.ExecuteAsync(Assigned("32", "2025-01-01", "NULL"));
        await RefusedAsync(host, Assigned("33", "2024-12-31", "'2025-01-01'"), PostgresErrorCodes.ExclusionViolation);
        await RefusedAsync(host, Assigned("34", "2024-12-31", "'2024-12-31'"), PostgresErrorCodes.CheckViolation);

        // A site takes its assignments along.
        await host.ExecuteAsync("""DELETE FROM monitoring."Sites" """);
        Assert.Equal(0, await host.ScalarAsync<long>("""SELECT count(*) FROM monitoring."TariffAssignments" """));
    }

    private static async Task RefusedAsync(PortalHost host, [StringSyntax("sql")] string sql, string state) =>
        Assert.Equal(state, (await Assert.ThrowsAsync<PostgresException>(() => host.ExecuteAsync(sql))).SqlState);

    private static string Version(string id, string from, string to, string state) => $$"""
        INSERT INTO monitoring."TariffVersions" ("Id", "TariffId", "From", "To", "State", "Currency", "VatPercent", "Source", "ClockId", "Content", "CreatedAt")
        VALUES ('00000000-0000-0000-0000-0000000000{{id}}', '00000000-0000-0000-0000-000000000003', '{{from}}', {{to}}, '{{state}}', 'ZAR', 15, 'Test',
                '00000000-0000-0000-0000-000000000004', '{}', now())
        """;

    private static string ClockVersion(string from) => $$"""
        INSERT INTO monitoring."ClockVersions" ("Id", "ClockId", "From", "Content")
        VALUES (gen_random_uuid(), '00000000-0000-0000-0000-000000000004', '{{from}}', '{}')
        """;

    private static string Assigned(string id, string from, string to) => $"""
        INSERT INTO monitoring."TariffAssignments" ("Id", "SiteId", "TariffId", "From", "To", "CreatedAt")
        VALUES ('00000000-0000-0000-0000-0000000000{id}', '00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-000000000003', '{from}', {to}, now())
        """;
}
