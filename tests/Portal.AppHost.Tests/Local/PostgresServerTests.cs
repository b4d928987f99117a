using Npgsql;
using Portal.Testing;

namespace Portal.AppHost.Tests.Local;

public sealed class PostgresServerTests
{
    [PostgresFact]
    public async Task Everybody_gets_an_empty_database_of_their_own()
    {
        var first = await PostgresServer.CreateDatabaseAsync("own");
        var second = await PostgresServer.CreateDatabaseAsync("own");

        await using var connection = new NpgsqlConnection(first);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("CREATE TABLE t (x int); SELECT count(*) FROM pg_tables WHERE tablename = 't'", connection);
        Assert.Equal(1L, await command.ExecuteScalarAsync());

        await using var other = new NpgsqlConnection(second);
        await other.OpenAsync();
        await using var look = new NpgsqlCommand("SELECT count(*) FROM pg_tables WHERE tablename = 't'", other);
        Assert.Equal(0L, await look.ExecuteScalarAsync());
    }
}
