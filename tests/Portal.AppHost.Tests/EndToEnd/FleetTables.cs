using Npgsql;
using Portal.AppHost.Tests.Processes;

namespace Portal.AppHost.Tests.EndToEnd;

/// <summary>What lies in the databases of a running product, on both sides of the push: for what no API would say about itself.</summary>
internal sealed class FleetTables
{
    public const string Fleet = "admin_fleet";

    private const string StackRows = """
        SELECT d."ExternalId" || ' ' || jsonb_strip_nulls(to_jsonb(m) - 'DeviceId' - 'ReceivedAt')
          FROM monitoring."PowerMeasurements" m JOIN monitoring."Devices" d ON d."Id" = m."DeviceId"
         ORDER BY 1
        """;

    private const string FleetRows = """
        SELECT d."ExternalId" || ' ' || jsonb_strip_nulls(to_jsonb(m) - 'CustomerId' - 'DeviceId' - 'ReceivedAt')
          FROM fleet."PowerMeasurements" m
          JOIN fleet."Devices" d ON d."CustomerId" = m."CustomerId" AND d."Id" = m."DeviceId"
          JOIN fleet."Customers" c ON c."Id" = m."CustomerId"
         WHERE c."Code" = $1
         ORDER BY 1
        """;

    /// <summary>A backlog is pushed within seconds; a killed aggregator and its backoff may take a minute more.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly NpgsqlConnectionStringBuilder _server;

    private FleetTables(NpgsqlConnectionStringBuilder server) => _server = server;

    public static async Task<FleetTables> OfAsync(RunningPortal portal)
    {
        var database = (await portal.StatusAsync())["database"]!;
        return new(new NpgsqlConnectionStringBuilder
        {
            Host = (string)database["host"]!,
            Port = (int)database["port"]!,
            Username = (string)database["user"]!,
            Password = (await File.ReadAllTextAsync((string)database["passwordFile"]!)).Trim(),
            // A connection that outlives a killed server would fail the next query.
            Pooling = false,
        });
    }

    /// <summary>A stack's database by the stack's code.</summary>
    public static string Stack(string code) => $"power_monitoring_{code}";

    /// <summary>How to reach a database. Holds the password.</summary>
    public string ConnectionString(string database) => new NpgsqlConnectionStringBuilder(_server.ConnectionString) { Database = database }.ConnectionString;

    /// <summary>The first column of every row.</summary>
    public async Task<List<T>> ListAsync<T>(string database, string sql, params object[] parameters)
    {
        await using var connection = new NpgsqlConnection(ConnectionString(database));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters) command.Parameters.Add(new() { Value = parameter });
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync()) rows.Add(reader.GetFieldValue<T>(0));
        return rows;
    }

    /// <summary>The one value that a query answers.</summary>
    public async Task<T> ScalarAsync<T>(string database, string sql, params object[] parameters) => (await ListAsync<T>(database, sql, parameters)).Single();

    /// <summary>Runs statements that answer nothing.</summary>
    public Task ExecuteAsync(string database, string sql, params object[] parameters) => ListAsync<object>(database, sql, parameters);

    /// <summary>Waits until all that a stack holds is acknowledged by the fleet.</summary>
    public Task SettledAsync(string code) => Shell.EventuallyAsync(
        async () =>
        {
            try
            {
                return await ScalarAsync<bool>(
                    Stack(code),
                    """
                    SELECT NOT EXISTS (SELECT FROM monitoring."OutboxRanges") AND NOT EXISTS (SELECT FROM monitoring."DeviceTombstones" WHERE "PushedAt" IS NULL)
                       AND EXISTS (SELECT FROM monitoring."FleetPush")
                    """);
            }
            catch (NpgsqlException)
            {
                return false;
            }
        },
        $"{code} has rows that don't reach the fleet", Patience);

    /// <summary>Both sides hold the same devices' same rows, with the same values in every column; says which don't match.</summary>
    /// <returns>The rows.</returns>
    public async Task<IReadOnlyList<string>> AssertEqualAsync(string code)
    {
        var (rows, difference) = await CompareAsync(code);
        Assert.True(difference is null, difference);
        return rows;
    }

    /// <summary>What is different between the two sides; null: nothing.</summary>
    public async Task<string?> DifferenceAsync(string code) => (await CompareAsync(code)).Difference;

    private async Task<(IReadOnlyList<string> Rows, string? Difference)> CompareAsync(string code)
    {
        var stack = await ListAsync<string>(Stack(code), StackRows);
        var fleet = await ListAsync<string>(Fleet, FleetRows, code.ToUpperInvariant());
        var (missing, surplus) = (stack.Except(fleet).ToList(), fleet.Except(stack).ToList());
        // Keys are part of each row, so none is there twice.
        return (stack, missing.Count + surplus.Count == 0
            ? null
            : $"{code}: of {stack.Count} rows the fleet lacks {missing.Count}, such as {missing.FirstOrDefault()}, and has {surplus.Count} besides, such as {surplus.FirstOrDefault()}");
    }

    /// <summary>Measurements of a customer that the fleet counted as accepted, over all batches: each row once, where no column was filled later.</summary>
    public Task<long> AcceptedAsync(string code) => ScalarAsync<long>(
        Fleet,
        """
        SELECT coalesce(sum(e."RowsAccepted"), 0)::bigint FROM fleet."IngestEvents" e JOIN fleet."Customers" c ON c."Id" = e."CustomerId"
         WHERE c."Code" = $1 AND e."BatchType" = 'measurements' AND e."Status" = 200
        """,
        code.ToUpperInvariant());

    /// <summary>Batches of a customer with this answer.</summary>
    public Task<long> BatchesAsync(string code, int status) => ScalarAsync<long>(
        Fleet,
        """
        SELECT count(*) FROM fleet."IngestEvents" e JOIN fleet."Customers" c ON c."Id" = e."CustomerId" WHERE c."Code" = $1 AND e."Status" = $2
        """,
        code.ToUpperInvariant(), status);

    /// <summary>Samples of a customer by the fleet's roll-up.</summary>
    public Task<long> HourlySamplesAsync(string code) => ScalarAsync<long>(
        Fleet,
        """
        SELECT coalesce(sum(h.samples), 0)::bigint FROM fleet.hourly_per_device h JOIN fleet."Customers" c ON c."Id" = h.customer_id WHERE c."Code" = $1
        """,
        code.ToUpperInvariant());
}
