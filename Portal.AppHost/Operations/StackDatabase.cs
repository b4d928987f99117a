using System.Text;
using Portal.AppHost.Manifests;
using Portal.AppHost.Topology;

namespace Portal.AppHost.Operations;

/// <summary>
/// A stack's database, asked by the <c>psql</c> of a container that has its password already: the server's own, or the backup's where the server is
/// somebody else's.
/// </summary>
internal sealed class StackDatabase(DeployedStack stack, StackHost host)
{
    private static readonly string[] Psql = ["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"];

    /// <summary>Whether there is a container to ask it from: none where a cluster's stack uses somebody else's server.</summary>
    public bool CanBeAsked => stack.HasDatabase || stack is { Target: Target.Compose, Kind: not StackKind.Edge };

    /// <summary>The service in whose container <c>psql</c>, <c>pg_dump</c> and their like run.</summary>
    public string Service => stack.HasDatabase ? Timescale.Name : Timescale.Backup;

    /// <summary>Runs a script of SQL.</summary>
    /// <param name="sql">Goes in by the standard input: it may hold what must not be seen in the list of processes.</param>
    /// <returns>What it selected, a line per row, <c>|</c> between columns.</returns>
    public Task<ToolAnswer> RunAsync(string sql, CancellationToken cancel) => RunAsync(Psql, new MemoryStream(Encoding.UTF8.GetBytes(sql)), null, TimeSpan.FromMinutes(2), cancel);

    /// <summary>Runs one of PostgreSQL's own programs against it; it finds server, database, user and password in its environment.</summary>
    /// <remarks>By the server's socket, which asks for no password: the container has the one that its data were made with, whatever it is by now.</remarks>
    public Task<ToolAnswer> RunAsync(IReadOnlyList<string> line, Stream? input, Stream? output, TimeSpan limit, CancellationToken cancel) => host.RunAsync(
        new(Service, stack.HasDatabase ? ["sh", "-c", "export PGHOST=/var/run/postgresql PGUSER=\"$POSTGRES_USER\" PGDATABASE=\"$POSTGRES_DB\" PGPASSWORD=\"$POSTGRES_PASSWORD\"; exec \"$@\"", "sh", .. line] : line)
        {
            Input = input,
            Output = output,
            Limit = limit,
        },
        cancel);
}
