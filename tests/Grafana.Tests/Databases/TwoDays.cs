using System.Globalization;
using Portal.Domain.Measurements;

namespace Grafana.Tests.Databases;

/// <summary>
/// Two days of rows every five minutes with every quantity, of two sites' three meters in the stack and of two customers' in the fleet, with an
/// hour missing. The notes of what was touched are left as they are: readers see all of it, rolled up or not.
/// </summary>
internal static class TwoDays
{
    private const string Catalogue = """
        INSERT INTO monitoring."Sites" ("Id", "Name", "TimeZone", "CreatedAt") VALUES
          ('00000000-0000-0000-0000-000000000001', 'Plant', 'Africa/Johannesburg', now()),
          ('00000000-0000-0000-0000-000000000002', 'Mill 7''s', 'Asia/Kolkata', now());
        INSERT INTO monitoring."Devices" ("SiteId", "Name", "ExternalId", "Role", "CreatedAt") VALUES
          ('00000000-0000-0000-0000-000000000001', 'Incomer', 'AN1', 'Main', now()),
          ('00000000-0000-0000-0000-000000000001', 'Chiller', 'AN2', 'Sub', now()),
          ('00000000-0000-0000-0000-000000000002', 'Incomer', 'AN3', 'Main', now());
        INSERT INTO fleet."Customers" ("Code", "Name", "Active", "CreatedAt") VALUES ('ABC0001', 'Acme', true, now()), ('XYZ0002', 'O''Neill', false, now());
        INSERT INTO fleet."Devices" ("CustomerId", "ExternalId", "Name", "Role")
        SELECT c."Id", s, 'Meter', CASE s WHEN 'AN1' THEN 'main' ELSE 'sub' END FROM fleet."Customers" AS c CROSS JOIN unnest(ARRAY['AN1', 'AN2']) AS s ORDER BY 1, 2;
        INSERT INTO fleet."IngestEvents" ("CustomerId", "BatchId", "BatchType", "Status", "RowsReceived", "RowsAccepted", "RowsDuplicate", "RowsRejected",
                                          "MinTime", "MaxTime", "ReceivedAt", "DurationMs", "Bytes", "Error")
        SELECT c."Id", gen_random_uuid(), 'measurements', 200, 10, 10, 0, 0, t, t, t, 12.5, 4000, NULL
          FROM fleet."Customers" AS c CROSS JOIN generate_series(timestamptz '{from}', timestamptz '{to}', interval '1 hour') AS t;
        """;

    public static async Task WriteAsync(DashboardDatabase database)
    {
        var columns = string.Join(", ", Quantities.All.Select(quantity => $"\"{quantity.Column}\""));
        var values = string.Join(", ", Quantities.All.Select(Value));
        string[] schemas = ["monitoring", "fleet"];
        await database.ExecuteAsync(Filled(Catalogue));
        foreach (var schema in schemas)
        {
            var customer = schema == "fleet" ? "\"CustomerId\", " : "";
            if (await database.ScalarAsync<bool>($"SELECT to_regproc('{schema}.ensure_partition') IS NOT NULL"))
            {
                await database.ExecuteAsync(Filled($"SELECT {schema}.ensure_partition('{{from}}')"));
            }

            await database.ExecuteAsync(Filled($$"""
                INSERT INTO {{schema}}."PowerMeasurements" ({{customer}}"DeviceId", "Time", "ReceivedAt", {{columns}})
                SELECT {{customer}}d."Id", t, t, {{values}}
                  FROM {{schema}}."Devices" AS d
                 CROSS JOIN generate_series(timestamptz '{from}', timestamptz '{to}', interval '5 minutes') AS t
                 WHERE t NOT BETWEEN timestamptz '{to}' - interval '7 hours' AND timestamptz '{to}' - interval '6 hours'
                """));
            await database.ExecuteAsync(Filled($$"""
                INSERT INTO {{schema}}."TouchedRanges" ({{customer}}"DeviceId", "From", "To")
                SELECT {{customer}}d."Id", day, day + interval '1 day'
                  FROM {{schema}}."Devices" AS d
                 CROSS JOIN generate_series(date_trunc('day', timestamptz '{from}', 'UTC'), timestamptz '{to}', interval '1 day') AS day
                """));
        }
    }

    private static string Value(Quantity quantity) => quantity.Kind switch
    {
        QuantityKind.LoadType => "'L'",
        QuantityKind.Register => "(1000 * d.\"Id\" + extract(epoch FROM t - timestamptz '{from}') / 300)::double precision",
        _ => $"({((Math.Max(quantity.Minimum, -100) + Math.Min(quantity.Maximum, 100)) / 2).ToString(CultureInfo.InvariantCulture)} + 0.1 * d.\"Id\")::real",
    };

    private static string Filled(string sql) => sql
        .Replace("{from}", DashboardDatabase.Now.AddDays(-2).ToString("O"), StringComparison.Ordinal)
        .Replace("{to}", DashboardDatabase.Now.ToString("O"), StringComparison.Ordinal);
}
