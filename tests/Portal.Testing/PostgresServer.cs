using Npgsql;
using Portal.AppHost.Local;

namespace Portal.Testing;

/// <summary>
/// PostgreSQL for tests: one private cluster per test process, a fresh database for whoever asks. The server named by
/// <c>PORTAL_TEST_POSTGRES</c> (a connection string of somebody who may create databases) is used instead where set.
/// </summary>
public static class PostgresServer
{
    private static readonly Lazy<Task<Func<string, CancellationToken, Task<string>>>> Source = new(OpenAsync);
    private static int _count;

    /// <summary>Why tests can't have a database here, or null when they can.</summary>
    public static string? Missing =>
        Given is null && PostgresBinaries.Find() is null ? PostgresBinaries.HowToInstall : null;

    private static string? Given => Environment.GetEnvironmentVariable("PORTAL_TEST_POSTGRES") is { Length: > 0 } given ? given : null;

    /// <summary>The connection string of a new, empty database whose name starts with <paramref name="prefix"/>. It goes away with the process.</summary>
    public static async Task<string> CreateDatabaseAsync(string prefix)
    {
        var create = await Source.Value;
        return await create($"{prefix}_{Environment.ProcessId}_{Interlocked.Increment(ref _count)}", CancellationToken.None);
    }

    private static async Task<Func<string, CancellationToken, Task<string>>> OpenAsync()
    {
        if (Given is { } given)
        {
            // Bounded by the number of test classes.
            var made = new List<string>();
            AppDomain.CurrentDomain.ProcessExit += (_, _) => DropAll(given, made);
            return async (name, cancel) =>
            {
                await PostgresDatabase.CreateAsync(given, name, cancel);
                lock (made) made.Add(name);
                return ForTests(new NpgsqlConnectionStringBuilder(given) { Database = name });
            };
        }

        var cluster = await TestCluster.StartAsync(CancellationToken.None);
        return async (name, cancel) =>
        {
            await cluster.CreateDatabaseAsync(name, cancel);
            return ForTests(new NpgsqlConnectionStringBuilder(cluster.ConnectionString(name)));
        };
    }

    // Every class has a database and therefore a pool of its own: idle connections must not pile up to the server's limit.
    private static string ForTests(NpgsqlConnectionStringBuilder database)
    {
        database.MaxPoolSize = 40;
        database.ConnectionIdleLifetime = 10;
        database.ConnectionPruningInterval = 5;
        return database.ConnectionString;
    }

    private static void DropAll(string server, List<string> made)
    {
        NpgsqlConnection.ClearAllPools();
        lock (made)
            foreach (var name in made) PostgresDatabase.DropAsync(server, name, CancellationToken.None).GetAwaiter().GetResult();
    }
}
