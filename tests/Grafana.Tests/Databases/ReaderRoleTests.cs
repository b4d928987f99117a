using Npgsql;
using Portal.Testing;

namespace Grafana.Tests.Databases;

/// <summary>What Grafana's role can see and do, and how the owners of the schemas make it.</summary>
public sealed class ReaderRoleTests
{
    /// <summary>All that Grafana may read. Whoever adds to it looks at each column first.</summary>
    private static readonly string[] Readable =
    [
        "fleet.Customers", "fleet.Devices", "fleet.HourlyRollUps", "fleet.IngestEvents", "fleet.PowerMeasurements", "fleet.Silences", "fleet.Sites",
        "fleet.TouchedRanges", "fleet.hourly_per_device",
        "monitoring.Devices", "monitoring.HourlyRollUps", "monitoring.PowerMeasurements", "monitoring.QuarterHourlyRollUps", "monitoring.Sites",
        "monitoring.TouchedRanges", "monitoring.hourly_per_device", "monitoring.quarter_hourly_per_device",
    ];

    private const string MayRead = """
        SELECT coalesce(string_agg(n.nspname || '.' || c.relname, ' ' ORDER BY n.nspname || '.' || c.relname COLLATE "C"), '')
          FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
         WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE '\_timescaledb%' AND n.nspname NOT LIKE 'timescaledb%'
           AND c.relkind IN ('r', 'p', 'v', 'm') AND has_any_column_privilege(c.oid, 'SELECT') AND has_schema_privilege(n.oid, 'USAGE')
        """;

    [PostgresFact]
    public async Task It_reads_measurements_roll_ups_and_names_and_nothing_else()
    {
        await using var database = await DashboardDatabase.PostgresAsync();
        await using var connection = await database.OpenAsReaderAsync();

        Assert.Equal(string.Join(' ', Readable), await ScalarAsync<string>(connection, MayRead));
        foreach (var secret in (string[])
            [
                "identity.\"Users\"", "portal.\"Sessions\"", "portal.\"IngestKeys\"", "portal.\"AuditEntries\"", "monitoring.\"QuarantinedPosts\"", "monitoring.\"FleetPush\"",
                "fleet.\"PushTokens\"", "fleet.\"AuditEntries\"", "pg_catalog.pg_authid",
            ])
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, await RefusalAsync(connection, $"SELECT * FROM {secret}"));
    }

    [TimescaleFact]
    public async Task On_TimescaleDB_it_reads_the_same()
    {
        await using var database = await DashboardDatabase.TimescaleAsync();
        await using var connection = await database.OpenAsReaderAsync();

        // Roll-ups are no tables there.
        Assert.Equal(string.Join(' ', Readable.Where(name => !name.EndsWith("RollUps", StringComparison.Ordinal))), await ScalarAsync<string>(connection, MayRead));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, await RefusalAsync(connection, "SELECT * FROM fleet.\"PushTokens\""));
    }

    [PostgresFact]
    public async Task It_writes_nothing_whatever_it_sets()
    {
        await using var database = await DashboardDatabase.PostgresAsync();
        await using var connection = await database.OpenAsReaderAsync();

        Assert.Equal("on", await ScalarAsync<string>(connection, "SHOW transaction_read_only"));
        Assert.Equal("30s", await ScalarAsync<string>(connection, "SHOW statement_timeout"));
        Assert.Equal(PostgresErrorCodes.ReadOnlySqlTransaction, await RefusalAsync(connection, "DELETE FROM monitoring.\"Devices\""));
        await ScalarAsync<object>(connection, "SELECT set_config('default_transaction_read_only', 'off', false)");
        string[] writes =
        [
            "DELETE FROM monitoring.\"Devices\"", "UPDATE fleet.\"Customers\" SET \"Active\" = true", "TRUNCATE monitoring.\"Sites\"", "DROP VIEW monitoring.hourly_per_device",
            "CREATE TABLE monitoring.mine ()", "SELECT monitoring.forget_device(1)", "SELECT fleet.forget_measurements(1)", "CREATE ROLE other", "CALL fleet.refresh_hours(NULL, NULL)",
        ];
        foreach (var write in writes)
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, await RefusalAsync(connection, write));
    }

    [PostgresFact]
    public async Task Every_start_brings_it_up_to_date()
    {
        await using var database = await DashboardDatabase.PostgresAsync();
        await database.ExecuteAsync($"""
            CREATE VIEW monitoring.daily_per_device AS SELECT device_id FROM monitoring.hourly_per_device;
            CREATE TABLE monitoring."WeeklyRollUps" (device_id integer);
            GRANT ALL ON monitoring."Sites" TO "{database.Reader}";
            GRANT SELECT ("Payload") ON monitoring."QuarantinedPosts" TO "{database.Reader}";
            ALTER ROLE "{database.Reader}" SET statement_timeout = 0;
            """);

        await database.StartApiAsync(("Grafana:DatabasePassword", DashboardDatabase.Password));

        await using var connection = await database.OpenAsReaderAsync();
        string[] added = ["monitoring.daily_per_device", "monitoring.WeeklyRollUps"];
        Assert.Equal(string.Join(' ', Readable.Concat(added).Order(StringComparer.Ordinal)), await ScalarAsync<string>(connection, MayRead));
        Assert.False(await ScalarAsync<bool>(connection, "SELECT has_table_privilege('monitoring.\"Sites\"', 'UPDATE')"));
        Assert.Equal("30s", await ScalarAsync<string>(connection, "SHOW statement_timeout"));
    }

    [PostgresFact]
    public async Task Its_password_is_changed_by_a_start_and_never_logged()
    {
        await using var database = await DashboardDatabase.EmptyAsync();
        await database.StartApiAsync(("Grafana:DatabasePassword", "another-password-of-32-characters"));
        await Assert.ThrowsAsync<PostgresException>(database.OpenAsReaderAsync);

        await database.StartApiAsync(("Grafana:DatabasePassword", DashboardDatabase.Password));
        await database.StartApiAsync(); // no setting: it stays

        await using var connection = await database.OpenAsReaderAsync();
        Assert.Equal(database.Reader, await ScalarAsync<string>(connection, "SELECT current_user::text"));
        Assert.Contains($"Role {database.Reader} may read the measurements, roll-ups and names of monitoring", database.LogLines);
        Assert.DoesNotContain(database.LogLines, line => line.Contains(DashboardDatabase.Password, StringComparison.Ordinal) || line.Contains("SCRAM", StringComparison.Ordinal));
    }

    [PostgresFact]
    public async Task Without_a_password_there_is_no_role()
    {
        await using var database = await DashboardDatabase.EmptyAsync();
        await database.StartApiAsync();

        Assert.False(await database.ScalarAsync<bool>($"SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = '{database.Reader}')"));
    }

    [PostgresFact]
    public async Task A_role_that_may_do_more_is_left_alone_and_ends_the_start()
    {
        await using var database = await DashboardDatabase.EmptyAsync();
        var owner = await database.ScalarAsync<string>("SELECT current_user::text");

        var refused = await Assert.ThrowsAnyAsync<Exception>(
            () => database.StartApiAsync(("Grafana:DatabaseUser", owner), ("Grafana:DatabasePassword", DashboardDatabase.Password)));

        Assert.Contains($"Role \"{owner}\" may do more than read. Grafana needs a role of its own: set Grafana__DatabaseUser", refused.Message, StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task An_owner_that_may_not_make_roles_says_so_and_starts()
    {
        await using var database = await DashboardDatabase.EmptyAsync();
        await using var owned = await database.OwnedByAsync("stack_owner");

        await owned.StartApiAsync(("Grafana:DatabasePassword", DashboardDatabase.Password));
        Assert.Contains(owned.LogLines, line => line.StartsWith($"Grafana's role {owned.Reader} could not be made or given its password", StringComparison.Ordinal));

        // An administrator makes it, and the next start lets it read.
        await database.ExecuteAsync($"CREATE ROLE \"{owned.Reader}\" LOGIN PASSWORD '{DashboardDatabase.Password}'");
        await owned.StartApiAsync(("Grafana:DatabasePassword", DashboardDatabase.Password));
        await using var connection = await owned.OpenAsReaderAsync();
        Assert.Equal(0L, await ScalarAsync<long>(connection, "SELECT count(*) FROM monitoring.hourly_per_device"));
    }

    [PostgresTheory]
    [InlineData("Grafana:DatabasePassword", "short")]
    [InlineData("Grafana:DatabasePassword", "with spaces in between")]
    [InlineData("Grafana:DatabasePassword", "päßword-of-enough-letters")]
    [InlineData("Grafana:DatabaseUser", "Grafana")]
    [InlineData("Grafana:DatabaseUser", "pg_read_all_data")]
    public async Task A_setting_that_is_wrong_is_named(string setting, string value)
    {
        await using var database = await DashboardDatabase.EmptyAsync();

        var refused = await Assert.ThrowsAnyAsync<Exception>(() => database.StartApiAsync((setting, value)));

        Assert.Contains(setting.Replace(":", "__", StringComparison.Ordinal), refused.ToString(), StringComparison.Ordinal);
        if (setting.EndsWith("Password", StringComparison.Ordinal)) Assert.DoesNotContain(value, refused.ToString(), StringComparison.Ordinal);
    }

    private static async Task<T> ScalarAsync<T>(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    private static async Task<string> RefusalAsync(NpgsqlConnection connection, string sql) =>
        (await Assert.ThrowsAsync<PostgresException>(() => ScalarAsync<object>(connection, sql))).SqlState;
}
