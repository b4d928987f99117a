using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using Portal.Contracts.Fleet;
using Portal.Testing;

namespace Fleet.Aggregator.Tests.Push;

public sealed class MeasurementPushTests(AggregatorApp app) : IClassFixture<AggregatorApp>
{
    private const string Count = """SELECT count(*) FROM fleet."PowerMeasurements" WHERE "CustomerId" = $1""";

    [PostgresFact]
    public async Task Rows_are_stored_and_everything_about_the_batch_is_on_record()
    {
        using var stack = await app.RegisterAsync();
        await stack.PushDevicesAsync("M1", "M2");
        var (id, trace) = (Guid.CreateVersion7(), ActivityTraceId.CreateRandom());
        var body = Pusher.Batch(
            "measurements",
            """
            [{"externalId":"M1","time":"2026-11-10T10:00:00Z","activePowerKw":12.5,"energyImportKwh":1000.25},
             {"externalId":"M2","time":"2026-11-10T12:01:00+02:00","activePowerKw":-1},
             {"externalId":"M2","time":1794304920,"loadType":"C","somethingUnknown":1},
             {"externalId":"NOBODY","time":"2026-11-10T10:00:00Z","activePowerKw":1},
             {"externalId":"M1","time":"1999-01-01T00:00:00Z","activePowerKw":1},
             {"externalId":"M1","time":"2026-11-10T10:05:00Z"},
             {"externalId":"M1","time":"2026-11-10T10:06:00Z","activePowerKw":"much"},
             {"externalId":"M1","time":"2026-11-10T10:07:00Z","frequencyHz":1e9},
             {"externalId":"M1","localTime":"2026-11-10T10:08:00","frequencyHz":50}]
            """,
            id
        );

        var before = TimeProvider.System.GetUtcNow();
        using var response = await stack.SendAsync(System.Text.Encoding.UTF8.GetBytes(body), null, traceparent: $"00-{trace}-{ActivitySpanId.CreateRandom()}-01");
        var answer = (await response.Content.ReadFromJsonAsync<PushAnswer>())!;

        Assert.Equal((id, 3, 0, 6), (answer.BatchId, answer.Accepted, answer.Duplicate, answer.Rejected));
        Assert.Equal(
            ["3 NOBODY unknown-device", "4 M1 invalid-time", "5 M1 no-values", "6 M1 invalid-value", "7 M1 out-of-range", "8 M1 invalid-time"],
            answer.Rejections.Select(r => $"{r.Index} {r.ExternalId} {r.Reason}")
        );
        Assert.Equal(3L, await app.ScalarAsync<long>(Count, stack.Id));
        var left = (await app.EventsAsync(stack.Id))[^1];
        Assert.Equal((id, "measurements", 200, new Counts(9, 3, 0, 6)), (left.BatchId, left.BatchType, left.Status, left.Rows));
        Assert.Equal(Time("10:00"), left.MinTime);
        Assert.Equal(Time("10:08"), left.MaxTime);
        Assert.InRange(left.ReceivedAt, before.AddMilliseconds(-1), TimeProvider.System.GetUtcNow());
        Assert.InRange(left.DurationMs, 0.001, 600_000);
        Assert.Equal((body.Length, trace.ToHexString(), null), (left.Bytes, left.TraceId, left.Error));
        Assert.Equal(
            "t t t",
            await app.ScalarAsync<string>(
                """
                SELECT concat_ws(' ', c."LastPushAt" = (SELECT max("ReceivedAt") FROM fleet."IngestEvents" WHERE "CustomerId" = c."Id"),
                                      c."NewestTime" = '2026-11-10T10:02:00Z',
                                      (SELECT "LastTime" = '2026-11-10T10:00:00Z' FROM fleet."Devices" WHERE "CustomerId" = c."Id" AND "ExternalId" = 'M1'))
                  FROM fleet."Customers" c WHERE c."Id" = $1
                """,
                stack.Id
            )
        );
    }

    [PostgresFact]
    public async Task The_properties_of_a_batch_may_come_in_any_order()
    {
        using var stack = await app.RegisterAsync();
        await stack.PushDevicesAsync("ORDER");

        using var answer = await stack.SendAsync(
            $$"""{"rows":[{"activePowerKw":3,"time":"2026-11-10T10:00:00Z","externalId":"ORDER"}],"sentAt":null,"future":[{"x":[1,2]}],"batchType":"measurements","batchId":"{{Guid.CreateVersion7()}}"}"""
        );

        Assert.Equal(1, (await answer.Content.ReadFromJsonAsync<PushAnswer>())!.Accepted);
    }

    [PostgresFact]
    public async Task The_same_batch_again_is_answered_as_before_and_has_no_second_effect()
    {
        using var stack = await app.RegisterAsync();
        await stack.PushDevicesAsync("AGAIN");
        var id = Guid.CreateVersion7();
        var first = await stack.PushAsync("measurements", $"[{Row("AGAIN", 0)},{Row("AGAIN", 1)},{Row("WHO", 1)}]", id);

        var second = await stack.PushAsync("measurements", $"[{Row("AGAIN", 0)},{Row("AGAIN", 1)},{Row("WHO", 1)}]", id);
        var different = await stack.PushAsync("measurements", $"[{Row("AGAIN", 7)}]", id);

        Assert.Equal((2, 0, 1), (first.Accepted, first.Duplicate, first.Rejected));
        Assert.Equivalent(first, second, strict: true);
        Assert.Equivalent(first, different, strict: true);
        Assert.Equal(2L, await app.ScalarAsync<long>(Count, stack.Id));
        Assert.Single(await app.EventsAsync(stack.Id), left => left.BatchId == id);
    }

    [PostgresFact]
    public async Task The_same_batch_over_two_connections_at_once_has_the_effect_of_once()
    {
        using var stack = await app.RegisterAsync();
        await stack.PushDevicesAsync("ONCE");
        var id = Guid.CreateVersion7();
        Task<PushAnswer>[] pushes;
        await using (await app.HoldAsync(stack))
        {
            pushes = [.. await app.OccupyAsync(Push), Push()];
        }

        Assert.All(await Task.WhenAll(pushes), answer => Assert.Equal((1, 0, 0), (answer.Accepted, answer.Duplicate, answer.Rejected)));
        Assert.Single(await app.EventsAsync(stack.Id), left => left.BatchId == id);
        Assert.Equal(1L, await app.ScalarAsync<long>(Count, stack.Id));

        Task<PushAnswer> Push() => stack.PushAsync("measurements", $"[{Row("ONCE", 0)}]", id);
    }

    [PostgresFact]
    public async Task Rows_that_come_in_another_batch_are_duplicates_fill_what_is_missing_or_replace_what_differs()
    {
        using var stack = await app.RegisterAsync();
        await stack.PushDevicesAsync("FILL");
        await stack.PushAsync("measurements", """[{"externalId":"FILL","time":"2026-11-10T10:00:00Z","activePowerKw":1}]""");

        var duplicate = await stack.PushAsync("measurements", """[{"externalId":"FILL","time":"2026-11-10T10:00:00Z","activePowerKw":2}]""");
        var filled = await stack.PushAsync("measurements", """[{"externalId":"FILL","time":"2026-11-10T10:00:00Z","activePowerKw":2,"frequencyHz":50}]""");
        Assert.Equal((0, 1), (duplicate.Accepted, duplicate.Duplicate));
        Assert.Equal((1, 0), (filled.Accepted, filled.Duplicate));
        Assert.Equal(1f, await app.ScalarAsync<float>("""SELECT "ActivePowerKw" FROM fleet."PowerMeasurements" WHERE "CustomerId" = $1""", stack.Id));

        await stack.PushAsync("measurements", """[{"externalId":"FILL","time":"2026-11-10T10:00:00Z","activePowerKw":2}]""", more: ",\"replace\":true");
        Assert.Equal("2/50", await app.ScalarAsync<string>("""SELECT concat("ActivePowerKw", '/', "FrequencyHz") FROM fleet."PowerMeasurements" WHERE "CustomerId" = $1""", stack.Id));
    }

    [PostgresFact]
    public async Task A_batch_without_rows_is_fine()
    {
        using var stack = await app.RegisterAsync();

        foreach (var type in (string[])["sites", "devices", "measurements"])
        {
            var answer = await stack.PushAsync(type, "[]");
            Assert.Equal((0, 0, 0), (answer.Accepted, answer.Duplicate, answer.Rejected));
        }

        Assert.Equal(["sites", "devices", "measurements"], (await app.EventsAsync(stack.Id)).Select(left => left.BatchType));
        Assert.All(await app.EventsAsync(stack.Id), left => Assert.Null(left.MinTime));
    }

    [PostgresFact]
    public async Task A_token_reaches_its_own_customers_devices_only_even_of_the_same_serial()
    {
        using var one = await app.RegisterAsync();
        using var other = await app.RegisterAsync();
        await one.PushDevicesAsync("SHARED", "ONES");
        await other.PushDevicesAsync("SHARED");
        var id = Guid.CreateVersion7();

        await one.PushAsync("measurements", $"[{Row("SHARED", 0)},{Row("SHARED", 1)}]", id);
        var answer = await other.PushAsync("measurements", $"[{Row("SHARED", 0)},{Row("ONES", 0)}]", id);

        Assert.Equal((1, 0, 1), (answer.Accepted, answer.Duplicate, answer.Rejected));
        Assert.Equal(2L, await app.ScalarAsync<long>(Count, one.Id));
        await other.PushAsync("devices", """[{"externalId":"SHARED","deleted":true}]""");
        Assert.Equal(2L, await app.ScalarAsync<long>(Count, one.Id));
        Assert.Equal(0L, await app.ScalarAsync<long>(Count, other.Id));
    }

    [PostgresFact]
    public async Task A_tombstone_takes_the_devices_measurements_and_hours_with_it()
    {
        using var stack = await app.RegisterAsync();
        await stack.PushDevicesAsync("GONE", "STAYS");
        await stack.PushAsync("measurements", $"[{Row("GONE", 5)},{Row("STAYS", 1)}]");

        await stack.PushAsync("devices", """[{"externalId":"GONE","deleted":true}]""");
        var late = await stack.PushAsync("measurements", $"[{Row("GONE", 6)}]");

        Assert.Equal("unknown-device", Assert.Single(late.Rejections).Reason);
        Assert.Equal(1L, await app.ScalarAsync<long>(Count, stack.Id));
        Assert.Equal(1L, await app.ScalarAsync<long>("SELECT count(*) FROM fleet.hourly_per_device WHERE customer_id = $1", stack.Id));
        Assert.True(await app.ScalarAsync<bool>("""SELECT "NewestTime" = '2026-11-10T10:01:00Z' FROM fleet."Customers" WHERE "Id" = $1""", stack.Id));
        await stack.PushDevicesAsync("GONE");
        Assert.Equal(1, (await stack.PushAsync("measurements", $"[{Row("GONE", 6)}]")).Accepted);
    }

    [PostgresFact]
    public async Task Deleting_a_customer_takes_everything_of_it_and_nothing_of_others()
    {
        using var stack = await app.RegisterAsync();
        using var other = await app.RegisterAsync();
        foreach (var each in (Pusher[])[stack, other])
        {
            await each.PushAsync("sites", """[{"externalId":"S","name":"S","timeZone":"UTC"}]""");
            await each.PushAsync("devices", """[{"externalId":"D","siteExternalId":"S","name":"D"}]""");
            await each.PushAsync("measurements", $"[{Row("D", 0)}]");
        }

        await app.ExecuteAsync("""DELETE FROM fleet."Customers" WHERE "Code" = $1""", stack.Code);

        foreach (var table in (string[])["\"Sites\"", "\"Devices\"", "\"IngestEvents\"", "\"PushTokens\"", "\"PowerMeasurements\"", "\"TouchedRanges\""])
        {
            Assert.Equal(0L, await app.ScalarAsync<long>($"""SELECT count(*) FROM fleet.{table} WHERE "CustomerId" = $1""", stack.Id));
        }

        Assert.Equal(0L, await app.ScalarAsync<long>("SELECT count(*) FROM fleet.hourly_per_device WHERE customer_id = $1", stack.Id));
        Assert.Equal(1L, await app.ScalarAsync<long>(Count, other.Id));
        await Problem.AssertAsync(await stack.SendAsync(Pusher.Batch("measurements", $"[{Row("D", 1)}]")), HttpStatusCode.Unauthorized, "invalid-fleet-token");
    }

    [PostgresFact]
    public async Task A_batch_whose_customer_is_deleted_while_it_waits_is_answered_as_by_an_unknown_token()
    {
        using var stack = await app.RegisterAsync();
        await stack.PushDevicesAsync("D");
        Task<HttpResponseMessage> push;
        await using (var connection = await app.Database.OpenConnectionAsync())
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await using var delete = new Npgsql.NpgsqlCommand($"""DELETE FROM fleet."Customers" WHERE "Id" = {stack.Id}""", connection, transaction);
            await delete.ExecuteNonQueryAsync();
            push = stack.SendAsync(Pusher.Batch("measurements", $"[{Row("D", 1)}]"));
            await Eventually.TrueAsync(async () => await app.WaitingAsync() == 1, "a writer waits");
            await transaction.CommitAsync();
        }

        await Problem.AssertAsync(await push, HttpStatusCode.Unauthorized, "invalid-fleet-token");
        Assert.Equal(0L, await app.ScalarAsync<long>(Count, stack.Id));
    }

    [PostgresFact]
    public async Task One_batch_that_cannot_be_written_takes_no_neighbour_with_it()
    {
        using var bad = await app.RegisterAsync();
        using var busy = await app.RegisterAsync();
        var good = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => app.RegisterAsync()));
        foreach (var stack in good.Append(bad).Append(busy))
        {
            await stack.PushDevicesAsync("D");
        }

        await app.ExecuteAsync(
            $"""
            CREATE OR REPLACE FUNCTION fleet.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
              BEGIN IF NEW."CustomerId" = {bad.Id} THEN RAISE EXCEPTION 'not this one'; END IF; RETURN NEW; END $$;
            CREATE TRIGGER refuse BEFORE INSERT ON fleet."PowerMeasurements" FOR EACH ROW EXECUTE FUNCTION fleet.refuse();
            """
        );
        try
        {
            Task<HttpResponseMessage>[] pushes;
            await using (await app.HoldAsync(busy))
            {
                // All writers wait for a customer's row, so that all others come into one commit.
                await app.OccupyAsync(() => busy.PushAsync("measurements", $"[{Row("D", 0)}]"));
                pushes = [.. good.Append(bad).Select(stack => stack.SendAsync(Pusher.Batch("measurements", $"[{Row("D", 0)}]")))];
            }

            var answers = await Task.WhenAll(pushes);
            Assert.All(answers[..^1], answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
            await Problem.AssertAsync(answers[^1], HttpStatusCode.InternalServerError, "internal-error");
            Assert.Equal(500, (await app.EventsAsync(bad.Id))[^1].Status);
        }
        finally
        {
            await app.ExecuteAsync("""DROP TRIGGER refuse ON fleet."PowerMeasurements" """);
        }
    }

    private static DateTimeOffset Time(string clock) => DateTimeOffset.Parse($"2026-11-10T{clock}:00Z", CultureInfo.InvariantCulture);

    private static string Row(string serial, int minute) =>
        string.Create(CultureInfo.InvariantCulture, $$"""{"externalId":"{{serial}}","time":"2026-11-10T10:{{minute:00}}:00Z","activePowerKw":{{minute}},"energyImportKwh":{{1000 + minute}}}""");
}
