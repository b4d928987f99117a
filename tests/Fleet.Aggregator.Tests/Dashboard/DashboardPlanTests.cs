using System.Net;
using Fleet.Aggregator.Tests.Push;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Portal.Testing;

namespace Fleet.Aggregator.Tests.Dashboard;

/// <summary>How the server really reads what operators see: of measurements and roll-ups only what is shown, however much else is stored.</summary>
public sealed class DashboardPlanTests(PlannedApp app) : IClassFixture<PlannedApp>
{
    private const int Customers = 40;
    private const int DevicesOfEach = 5;
    private const int Days = 60;

    [PostgresFact]
    public async Task The_dashboard_reads_a_day_and_a_customers_page_its_own_rows()
    {
        await FillAsync();
        using var operators = app.As("Admin");
        app.Plans.Clear();
        await AskAsync(operators, "/api/fleet/dashboard");
        // Today's hours, and per register of a device one before and one after.
        app.Plans.AssertNoneReads("hourly_per_device", moreThan: 2 * Customers * DevicesOfEach * 24, "the dashboard");

        await SumUpWhileNotesWaitAsync();
        app.Plans.AssertNoneReads("hourly_per_device", moreThan: 2 * Customers * DevicesOfEach * 24, "the dashboard while roll-ups wait");

        var customer = await app.ScalarAsync<int>("""SELECT max("Id") FROM fleet."Customers" """);
        app.Plans.Clear();
        await AskAsync(operators, $"/api/fleet/customers/{customer}/detail");
        app.Plans.AssertNoneReads("PowerMeasurements", moreThan: DevicesOfEach * 50, "a customer's page");
        app.Plans.AssertNoneReads("hourly_per_device", moreThan: 2 * DevicesOfEach * 24, "a customer's page");
    }

    // Notes that nobody but the one who asks can see, so that they wait for as long as it takes.
    private async Task SumUpWhileNotesWaitAsync()
    {
        const string SumUp = "SELECT count(*) FROM fleet.totals_per_device(date_trunc('day', now(), 'UTC'), date_trunc('day', now(), 'UTC') + interval '24 hours')";
        await using var connection = await app.Services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var empty = new NpgsqlCommand($"""DELETE FROM fleet."TouchedRanges"; {SumUp}""", connection, transaction); // the plan is made and kept
        await empty.ExecuteNonQueryAsync();
        await using var note = new NpgsqlCommand(
            """INSERT INTO fleet."TouchedRanges" ("CustomerId", "DeviceId", "From", "To") SELECT "CustomerId", "Id", now(), now() + interval '1 minute' FROM fleet."Devices" """,
            connection,
            transaction
        );
        await note.ExecuteNonQueryAsync();
        app.Plans.Clear();
        await using var noted = new NpgsqlCommand(SumUp, connection, transaction);
        await noted.ExecuteNonQueryAsync();
    }

    private async Task AskAsync(HttpClient operators, string path)
    {
        using var answer = await operators.GetAsync(path);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        foreach (var table in (string[])["PowerMeasurements", "HourlyRollUps", "LedgerDays", "IngestEvents"])
        {
            app.Plans.AssertNoneScans(path, table);
        }
    }

    private async Task FillAsync()
    {
        await app.ExecuteAsync(
            $"""
            INSERT INTO fleet."Customers" ("Code", "Name", "Active", "CreatedAt", "ActiveSince") SELECT 'P' || n, 'Customer ' || n, true, now(), now() FROM generate_series(1, {Customers}) AS n;
            INSERT INTO fleet."Devices" ("CustomerId", "ExternalId", "Name", "Role", "CadenceSamples", "LastTime")
            SELECT "Id", 'D' || d, 'Meter', 'main', 0, now() FROM fleet."Customers" CROSS JOIN generate_series(1, {DevicesOfEach}) AS d;
            SELECT fleet.ensure_partition(now() - n * interval '1 month') FROM generate_series(0, 3) AS n;
            INSERT INTO fleet."PowerMeasurements" ("CustomerId", "DeviceId", "Time", "ReceivedAt", "ActivePowerKw", "EnergyImportKwh")
            SELECT d."CustomerId", d."Id", t, t, 5, extract(epoch FROM t) / 3600
              FROM generate_series(now() - interval '{Days} days', now(), interval '30 minutes') AS t CROSS JOIN fleet."Devices" AS d;
            INSERT INTO fleet."HourlyRollUps" (customer_id, device_id, bucket, samples, first_at, last_at, power_mean_kw, power_samples,
              import_first_kwh, import_first_at, import_last_kwh, import_last_at, import_min_kwh, import_max_kwh)
            SELECT d."CustomerId", d."Id", b, 2, b, b, 5, 2, k, b, k, b, k, k
              FROM generate_series(date_trunc('hour', now()) - interval '{Days} days', now(), interval '1 hour') AS b
             CROSS JOIN fleet."Devices" AS d CROSS JOIN LATERAL (SELECT extract(epoch FROM b)::double precision / 3600 AS k) AS kwh;
            INSERT INTO fleet."IngestEvents" ("CustomerId", "BatchId", "BatchType", "Status", "RowsReceived", "RowsAccepted", "RowsDuplicate", "RowsRejected", "ReceivedAt", "DurationMs", "Bytes")
            SELECT "Id", gen_random_uuid(), 'measurements', 200, 1, 1, 0, 0, now() - n * interval '1 minute', 1, 1 FROM fleet."Customers" CROSS JOIN generate_series(1, 500) AS n;
            INSERT INTO fleet."LedgerDays" ("CustomerId", "DeviceId", "Day") SELECT "CustomerId", "Id", current_date - n FROM fleet."Devices" CROSS JOIN generate_series(1, {Days}) AS n;
            """
        );
        await app.ExecuteAsync("ANALYZE");
    }
}
