using Npgsql;
using Portal.Testing;
using static Portal.Data.Tests.Timescale.Statements;

namespace Portal.Data.Tests.Timescale;

/// <summary>Connections share the engine's only session, and must not notice.</summary>
public sealed class SessionTests(TimescaleDatabase database) : IClassFixture<TimescaleDatabase>
{
    [TimescaleFact]
    public async Task A_setting_is_seen_by_its_own_connection_only()
    {
        await using var dataSource = NpgsqlDataSource.Create(database.ConnectionString);
        await using var first = await dataSource.OpenConnectionAsync();
        await using var second = await dataSource.OpenConnectionAsync();
        await ExecuteAsync(first, "SET search_path TO pg_catalog; SET work_mem TO '7MB'; SET portal.mark TO 'first'");

        Assert.Equal("\"$user\", public", await ScalarAsync(second, "SHOW search_path"));
        Assert.Null(await ScalarAsync(second, "SELECT nullif(current_setting('portal.mark', true), '')") as string);
        Assert.Equal("pg_catalog", await ScalarAsync(first, "SHOW search_path"));
        Assert.Equal("7MB", await ScalarAsync(first, "SHOW work_mem"));
        Assert.Equal("first", await ScalarAsync(first, "SHOW portal.mark"));
    }

    [TimescaleFact]
    public async Task A_pooled_connection_comes_back_as_new()
    {
        await using var dataSource = NpgsqlDataSource.Create(database.ConnectionString + ";Maximum Pool Size=1");
        await using (var used = await dataSource.OpenConnectionAsync())
        {
            await ExecuteAsync(used, "CREATE TEMP TABLE left_behind (a int); SET search_path TO pg_catalog; SET TimeZone TO 'Asia/Kathmandu'");
        }
        await using var again = await dataSource.OpenConnectionAsync();
        Assert.Equal("\"$user\", public", await ScalarAsync(again, "SHOW search_path"));
        Assert.Equal("Etc/UTC", await ScalarAsync(again, "SHOW TimeZone"));
        Assert.Equal(true, await ScalarAsync(again, "SELECT to_regclass('left_behind') IS NULL"));
    }

    [TimescaleFact]
    public async Task A_pooled_connection_keeps_its_prepared_statements()
    {
        await using var dataSource = NpgsqlDataSource.Create(database.ConnectionString + ";Maximum Pool Size=1;Max Auto Prepare=10;Auto Prepare Min Usages=1");
        for (var round = 0; round < 4; round++)
        {
            await using var connection = await dataSource.OpenConnectionAsync();
            await ExecuteAsync(connection, "SET search_path TO pg_catalog");
            Assert.Equal(42, await ScalarAsync(connection, "SELECT 42"));
        }
        Assert.Equal("\"$user\", public", await ScalarAsync(dataSource, "SHOW search_path"));
    }

    [TimescaleFact]
    public async Task Settings_of_the_connection_string_hold_from_the_start()
    {
        var connectionString = database.ConnectionString + ";Application Name=portal tests;Timezone=Africa/Johannesburg;Search Path=pg_catalog;Options=-c work_mem=9MB";
        await using var dataSource = NpgsqlDataSource.Create(connectionString);
        await using var connection = await dataSource.OpenConnectionAsync();
        Assert.Equal("Africa/Johannesburg", connection.Timezone);
        Assert.Equal("Africa/Johannesburg", await ScalarAsync(connection, "SHOW TimeZone"));
        Assert.Equal("portal tests", await ScalarAsync(connection, "SHOW application_name"));
        Assert.Equal("pg_catalog", await ScalarAsync(connection, "SHOW search_path"));
        Assert.Equal("9MB", await ScalarAsync(connection, "SHOW work_mem"));
    }

    [TimescaleFact]
    public async Task Settings_of_the_database_hold_for_connections_made_afterwards()
    {
        await using var dataSource = NpgsqlDataSource.Create(database.ConnectionString);
        var name = await ScalarAsync(dataSource, "SELECT current_database()::text");
        await ExecuteAsync(dataSource, $"ALTER DATABASE \"{name}\" SET jit = off; ALTER DATABASE \"{name}\" SET deadlock_timeout = '3s'");

        await using var later = new NpgsqlConnection(database.ConnectionString + ";Pooling=false");
        await later.OpenAsync();
        await ExecuteAsync(later, "SET deadlock_timeout TO '4s'");
        await ExecuteAsync(later, "RESET ALL");
        Assert.Equal("3s", await ScalarAsync(later, "SHOW deadlock_timeout"));
        Assert.Equal("off", await ScalarAsync(later, "SHOW jit"));
        await ExecuteAsync(dataSource, $"ALTER DATABASE \"{name}\" RESET ALL");
    }

    [TimescaleFact]
    public async Task Temporary_tables_of_one_name_are_each_connections_own()
    {
        await using var dataSource = NpgsqlDataSource.Create(database.ConnectionString);
        await using var first = await dataSource.OpenConnectionAsync();
        await using var second = await dataSource.OpenConnectionAsync();
        await ExecuteAsync(first, "CREATE TEMP TABLE staging (a int); INSERT INTO staging VALUES (1)");
        Assert.Equal(true, await ScalarAsync(second, "SELECT to_regclass('staging') IS NULL"));
        await ExecuteAsync(second, "CREATE TEMP TABLE staging (a int); INSERT INTO staging VALUES (2)");

        Assert.Equal(1, await ScalarAsync(first, "SELECT a FROM staging"));
        Assert.Equal(2, await ScalarAsync(second, "SELECT a FROM staging"));
        await ExecuteAsync(first, "DROP TABLE staging");
        Assert.Equal(2, await ScalarAsync(second, "SELECT a FROM staging"));
        Assert.Equal(true, await ScalarAsync(first, "SELECT to_regclass('staging') IS NULL"));
    }

    [TimescaleFact]
    public async Task A_temporary_table_drops_on_commit_where_it_says_so()
    {
        await using var dataSource = NpgsqlDataSource.Create(database.ConnectionString);
        for (var round = 0; round < 2; round++)
        {
            await using var connection = await dataSource.OpenConnectionAsync();
            await using var transaction = await connection.BeginTransactionAsync();
            await ExecuteAsync(connection, "CREATE TEMP TABLE staging (a int) ON COMMIT DROP");
            await ExecuteAsync(connection, "INSERT INTO staging VALUES (1)");
            Assert.Equal(1L, await ScalarAsync(connection, "SELECT count(*) FROM staging"));
            await transaction.CommitAsync();
            Assert.Equal(true, await ScalarAsync(connection, "SELECT to_regclass('staging') IS NULL"));
        }
    }

    [TimescaleFact]
    public async Task A_role_is_left_with_the_connection()
    {
        await using var dataSource = NpgsqlDataSource.Create(database.ConnectionString);
        await ExecuteAsync(dataSource, "CREATE ROLE session_reader");
        await using var first = await dataSource.OpenConnectionAsync();
        await using var second = await dataSource.OpenConnectionAsync();
        var everybody = await ScalarAsync(second, "SELECT current_user::text");
        await ExecuteAsync(first, "SET ROLE session_reader");
        Assert.Equal(everybody, await ScalarAsync(second, "SELECT current_user::text"));
        Assert.Equal("session_reader", await ScalarAsync(first, "SELECT current_user::text"));
        await ExecuteAsync(first, "RESET ROLE");
        await ExecuteAsync(first, "DROP ROLE session_reader");
    }
}
