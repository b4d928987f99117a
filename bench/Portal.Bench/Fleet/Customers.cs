using Npgsql;
using Portal.Domain.Keys;

namespace Portal.Bench.Fleet;

/// <summary>Registers customers with their tokens and devices in the fleet's tables, all at once: the planner has no statistics of them.</summary>
internal static class Customers
{
    public static async Task<IReadOnlyList<SimulatedCustomer>> RegisterAsync(string connectionString, string prefix, int count, int devices)
    {
        var tokens = Enumerable.Range(0, count).Select(_ => FleetToken.Generate()).ToList();
        await using var dataSource = NpgsqlDataSource.Create(connectionString);
        await using var register = dataSource.CreateCommand(
            """
            WITH customers AS (
              INSERT INTO fleet."Customers" ("Code", "Name", "Active", "CreatedAt", "ActiveSince")
              SELECT $1 || lpad(n::text, 8, '0'), 'Customer ' || n, true, now(), now() FROM generate_series(1, $2) AS n
              RETURNING "Id", "Code"
            ),
            devices AS (
              INSERT INTO fleet."Devices" ("CustomerId", "ExternalId", "Name", "Role", "CadenceSamples")
              SELECT c."Id", 'BENCH' || lpad(d::text, 5, '0'), 'Meter ' || d, 'main', 0 FROM customers c CROSS JOIN generate_series(0, $3 - 1) AS d
            )
            INSERT INTO fleet."PushTokens" ("CustomerId", "Hash", "Prefix", "CreatedAt")
            SELECT c."Id", t.hash, t.prefix, now()
              FROM customers c JOIN unnest($4, $5) WITH ORDINALITY AS t (hash, prefix, n) ON c."Code" = $1 || lpad(t.n::text, 8, '0')
            RETURNING "CustomerId", "Hash"
            """
        );
        register.CommandTimeout = 0;
        register.Parameters.Add(new NpgsqlParameter<string> { TypedValue = prefix });
        register.Parameters.Add(new NpgsqlParameter<int> { TypedValue = count });
        register.Parameters.Add(new NpgsqlParameter<int> { TypedValue = devices });
        register.Parameters.Add(new NpgsqlParameter<byte[][]> { TypedValue = [.. tokens.Select(token => token.Hash())] });
        register.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. tokens.Select(token => token.Prefix)] });
        var byHash = tokens.ToDictionary(token => Convert.ToHexString(token.Hash()));
        var customers = new List<SimulatedCustomer>();
        await using var reader = await register.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            customers.Add(new SimulatedCustomer(reader.GetInt32(0), byHash[Convert.ToHexString(reader.GetFieldValue<byte[]>(1))], devices));
        }

        return customers;
    }
}
