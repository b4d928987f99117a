using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Npgsql;
using Portal.Bench.Fleet;
using Portal.Bench.Ingest;

namespace Portal.Bench.Overload;

/// <summary>
/// Ingest and the aggregator at twice what they take, each by itself: their memory stays as it is after the warm-up, what is too much is answered 429 or
/// 503, and afterwards every row of every batch that was acknowledged is there.
/// </summary>
internal sealed class OverloadBench : Command
{
    private const int Devices = 100;
    private const int Minutes = CopyReference.RowsOfCommit / Devices;
    private const int Customers = 16;

    // Every batch has times of its own: a window of fifty minutes, from so long ago on.
    private static readonly DateTime Start = TimeProvider.System.GetUtcNow().UtcDateTime.Date.AddYears(-6);

    private readonly Option<string?> database = new("--database") { Description = "Connection string of somebody who may create databases; without it a private PostgreSQL is started." };
    private readonly Option<double> minutes = new("--minutes") { Description = "How long either is overloaded. Ten minutes are some 20 GB.", DefaultValueFactory = _ => 10 };

    public OverloadBench()
        : base("overload", "Ingest and the aggregator at twice what they take, for ten minutes either.")
    {
        Options.Add(database);
        Options.Add(minutes);
        SetAction((parsed, _) => RunAsync(parsed.GetValue(database), TimeSpan.FromMinutes(parsed.GetValue(minutes))));
    }

    private static async Task<int> RunAsync(string? given, TimeSpan duration)
    {
        var report = new BenchReport("overload");
        report.Add("how long either is overloaded", Text($"{duration.TotalMinutes:0.#} min"));
        var isRight = await IngestAsync(report, given, duration);
        await using var database = await BenchDatabase.CreateAsync(given, "overload");
        isRight &= await AggregatorAsync(report, database, duration);
        await report.WriteAsync(database.ConnectionString);
        return isRight ? 0 : 1;
    }

    private static async Task<bool> IngestAsync(BenchReport report, string? given, TimeSpan duration)
    {
        await using var stack = await IngestStack.StartAsync(given, 10 * Devices);
        var templates = Enumerable.Range(0, 10).Select(part => new PostTemplate(IngestStack.Post(part * Devices, Devices, Start, Minutes), Start)).ToList();
        var flood = new Flood(
            async batch =>
            {
                using var content = Json(templates[batch % 10].At(From(batch / 10)));
                using var answer = await stack.Client.PostAsync("/api/ingest/measurements", content);
                return answer.StatusCode;
            },
            stack.IngestPid
        );
        await flood.RunAsync(duration);
        return await ReportAsync(report, "ingest", flood, duration, stack.ConnectionString, """
            SELECT coalesce(sum(stored), 0)::bigint
              FROM unnest($1, $2) AS b (part, at)
             CROSS JOIN generate_series(b.part * 100 + 1, (b.part + 1) * 100) AS device
             CROSS JOIN LATERAL (
               SELECT count(*) AS stored FROM monitoring."PowerMeasurements"
                WHERE "DeviceId" = device AND "Time" >= b.at AND "Time" < b.at + interval '50 minutes') AS s
            """, 10);
    }

    private static async Task<bool> AggregatorAsync(BenchReport report, BenchDatabase database, TimeSpan duration)
    {
        await using var aggregator = await ServiceProcess.StartAsync("Fleet.Aggregator", database.ConnectionString, []);
        using var client = new HttpClient { BaseAddress = aggregator.Address };
        var customers = (await Bench.Fleet.Customers.RegisterAsync(database.ConnectionString, "LOAD", Customers, Devices)).OrderBy(customer => customer.Id).ToList();
        var templates = customers.ConvertAll(customer => new PostTemplate(customer.Body(Start, Minutes), Start));
        var flood = new Flood(
            async batch =>
            {
                var (customer, template) = (customers[batch % Customers], templates[batch % Customers]);
                using var content = Json(SimulatedCustomer.WithOwnId(template.At(From(batch / Customers))));
                using var request = new HttpRequestMessage(HttpMethod.Post, "/api/fleet/ingest") { Content = content };
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", customer.Token.Reveal());
                using var answer = await client.SendAsync(request);
                return answer.StatusCode;
            },
            aggregator.Pid
        );
        await flood.RunAsync(duration);
        return await ReportAsync(report, "aggregator", flood, duration, database.ConnectionString, """
            SELECT coalesce(sum(stored), 0)::bigint
              FROM unnest($1, $2) AS b (part, at)
              JOIN (SELECT "Id", row_number() OVER (ORDER BY "Id") - 1 AS part FROM fleet."Customers") AS c ON c.part = b.part
              JOIN fleet."Devices" AS d ON d."CustomerId" = c."Id"
             CROSS JOIN LATERAL (
               SELECT count(*) AS stored FROM fleet."PowerMeasurements"
                WHERE "CustomerId" = c."Id" AND "DeviceId" = d."Id" AND "Time" >= b.at AND "Time" < b.at + interval '50 minutes') AS s
            """, Customers);
    }

    private static async Task<bool> ReportAsync(BenchReport report, string who, Flood flood, TimeSpan duration, string connectionString, string count, int parts)
    {
        report.Add($"{who}: most that it took; sent at twice that", Text($"{flood.Capacity * CopyReference.RowsOfCommit:N0} rows/s"));
        report.Add($"{who}: batches sent; due but not sent, 100 being under way", Text($"{flood.Sent:N0}; {flood.Unsent:N0}"));
        report.Add($"{who}: answers", string.Join(" · ", flood.Answers), BenchReport.Goal("200, 429 and 503 only", flood.IsRefusedProperly));
        var (after, peak) = flood.Memory(duration);
        report.Add($"{who}: memory after the warm-up, and its peak then", Text($"{after:0} · {peak:0} MiB"), BenchReport.Goal("within 20 %", peak <= 1.2 * after));

        var expected = (long)flood.Acknowledged.Count * CopyReference.RowsOfCommit;
        await using var dataSource = NpgsqlDataSource.Create(connectionString);
        await using var command = dataSource.CreateCommand(count);
        command.CommandTimeout = 0;
        command.Parameters.Add(new NpgsqlParameter<int[]> { TypedValue = [.. flood.Acknowledged.Select(batch => batch % parts)] });
        command.Parameters.Add(new NpgsqlParameter<DateTime[]> { TypedValue = [.. flood.Acknowledged.Select(batch => From(batch / parts))] });
        var stored = (long)(await command.ExecuteScalarAsync())!;
        report.Add($"{who}: rows acknowledged, and of these stored", Text($"{expected:N0} · {stored:N0}"), BenchReport.Goal("all", stored == expected));
        return flood.IsRefusedProperly && peak <= 1.2 * after && stored == expected;
    }

    private static DateTime From(int window) => Start.AddMinutes((long)window * Minutes);

    private static ByteArrayContent Json(byte[] body) => new(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
