using Npgsql;
using Portal.TimeSeries;

namespace Portal.Data.FleetPush;

/// <summary>One way in which all of the push meets a database that is away.</summary>
internal static class PushStore
{
    public static async Task<T> GuardAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception e) when (StoreErrors.IsUnavailable(e) || e is PostgresException { IsTransient: true })
        {
            throw new StoreUnavailableException("The database is not available at the moment: " + e.GetBaseException().Message, e);
        }
    }

    public static Task GuardAsync(Func<Task> work) =>
        GuardAsync(async () =>
        {
            await work();
            return true;
        });

    public static async Task ExecuteAsync(
        NpgsqlConnection connection,
        string sql,
        CancellationToken cancellationToken,
        params IReadOnlyList<NpgsqlParameter> parameters
    )
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(parameter);
        }

        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
