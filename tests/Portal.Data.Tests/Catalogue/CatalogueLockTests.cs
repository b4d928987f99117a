using Npgsql;
using Portal.Testing;

namespace Portal.Data.Tests.Catalogue;

public sealed class CatalogueLockTests
{
    [PostgresFact]
    public async Task Writers_share_the_lock_and_a_change_of_the_catalogue_waits_for_them()
    {
        await using var dataSource = NpgsqlDataSource.Create(await PostgresServer.CreateDatabaseAsync("lock"));
        var (one, oneWrites) = await BeginAsync(dataSource);
        var (two, twoWrites) = await BeginAsync(dataSource);
        var (admin, changes) = await BeginAsync(dataSource);
        await CatalogueLock.TakeSharedAsync(one, oneWrites, default);
        await CatalogueLock.TakeSharedAsync(two, twoWrites, default);

        var change = CatalogueLock.TakeExclusiveAsync(admin, changes, default);
        await oneWrites.CommitAsync();
        await PortalHost.EventuallyAsync(async () => await WaitingAsync(dataSource) == 1, "the change waits");
        Assert.False(change.IsCompleted);

        await twoWrites.RollbackAsync();
        await change;
    }

    [PostgresFact]
    public async Task Writers_wait_for_a_change_of_the_catalogue()
    {
        await using var dataSource = NpgsqlDataSource.Create(await PostgresServer.CreateDatabaseAsync("lock"));
        var (admin, changes) = await BeginAsync(dataSource);
        var (writer, writes) = await BeginAsync(dataSource);
        await CatalogueLock.TakeExclusiveAsync(admin, changes, default);

        var write = CatalogueLock.TakeSharedAsync(writer, writes, default);
        await PortalHost.EventuallyAsync(async () => await WaitingAsync(dataSource) == 1, "the writer waits");
        Assert.False(write.IsCompleted);

        await changes.CommitAsync();
        await write;
    }

    private static async Task<(NpgsqlConnection, NpgsqlTransaction)> BeginAsync(NpgsqlDataSource dataSource)
    {
        var connection = await dataSource.OpenConnectionAsync();
        return (connection, await connection.BeginTransactionAsync());
    }

    private static async Task<long> WaitingAsync(NpgsqlDataSource dataSource)
    {
        await using var command = dataSource.CreateCommand(
            """
            SELECT count(*) FROM pg_locks
             WHERE locktype = 'advisory' AND NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
            """
        );
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
