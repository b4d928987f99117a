using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Portal.Contracts.Fleet;
using Portal.Domain.Keys;
using Portal.Domain.Ledger;
using Portal.Domain.Measurements;
using ZstdSharp;

namespace Portal.Ingest.Tests.FleetPush;

/// <summary>
/// The fleet's side of the wire on a real socket, written from the contract alone: it stores what it takes, knows its devices, finds
/// repetitions, and can be told to fail in any way.
/// </summary>
internal sealed class FleetReceiver : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly Lock gate = new();
    private readonly Dictionary<Guid, string> answers = [];
    private readonly HashSet<string> devices = new(StringComparer.Ordinal);
    private readonly Dictionary<(string ExternalId, DateTimeOffset Time), Dictionary<string, JsonElement>> rows = [];

    private FleetReceiver(WebApplication app, string address) => (this.app, Address) = (app, address);

    public string Address { get; }

    /// <summary>The token that is taken; others get 401.</summary>
    public FleetToken Token { get; set; } = FleetToken.Generate();

    /// <summary>All batches whose body was read, in order.</summary>
    public ConcurrentQueue<ReceivedBatch> Batches { get; } = new();

    /// <summary>Asked before a batch is dealt with; true: it has answered instead.</summary>
    public Func<HttpContext, ReceivedBatch, Task<bool>> Before { get; set; } = (_, _) => Task.FromResult(false);

    /// <summary>Asked once a batch is stored, before the answer; true: it has answered instead.</summary>
    public Func<HttpContext, ReceivedBatch, Task<bool>> After { get; set; } = (_, _) => Task.FromResult(false);

    /// <summary>Sites and devices as they were pushed last, by their external ids.</summary>
    public ConcurrentDictionary<string, JsonElement> Catalogue { get; } = new();

    /// <summary>What the stack said that it holds, in order.</summary>
    public ConcurrentQueue<LedgerRequest> Ledgers { get; } = new();

    /// <summary>What it answers instead of comparing; null: it compares.</summary>
    public int? LedgerStatus { get; set; }

    /// <summary>Serials of devices that it refuses to know.</summary>
    public ConcurrentBag<string> RefusedDevices { get; } = [];

    public static async Task<FleetReceiver> StartAsync(string address = "http://127.0.0.1:0")
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls(address).ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        builder.Logging.ClearProviders();
        var app = builder.Build();
        FleetReceiver? receiver = null;
        app.MapPost("/api/fleet/ingest", http => receiver!.ReceiveAsync(http));
        app.MapPost("/api/fleet/ledger", http => receiver!.CompareAsync(http));
        app.MapGet("/api/fleet/ledger/rows", (string externalId, DateOnly day) => receiver!.RowsOf(externalId, day));
        await app.StartAsync();
        receiver = new FleetReceiver(app, app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        return receiver;
    }

    /// <summary>Answers a status to the next batches of a type, then to none.</summary>
    public void Fail(int status, int times = 1, string? batchType = null, string contentType = "application/problem+json", int? retryAfter = null) =>
        Before = async (http, batch) =>
        {
            if ((batchType is not null && batch.BatchType != batchType) || Interlocked.Decrement(ref times) < 0)
            {
                return false;
            }

            http.Response.StatusCode = status;
            http.Response.ContentType = contentType;
            if (retryAfter is { } seconds)
            {
                http.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
            }

            if (status == StatusCodes.Status204NoContent)
            {
                return true;
            }

            await http.Response.WriteAsync(contentType == "text/html" ? "<html>no</html>" : """{"title":"Not this time.","detail":"Told to fail."}""");
            return true;
        };

    /// <summary>What it holds: values by name for each device and instant.</summary>
    public Dictionary<(string ExternalId, DateTimeOffset Time), Dictionary<string, JsonElement>> Rows()
    {
        lock (gate)
        {
            return rows.ToDictionary(row => row.Key, row => new Dictionary<string, JsonElement>(row.Value));
        }
    }

    /// <summary>Loses rows, as a fleet does that was restored from an older backup.</summary>
    public void Lose(Func<(string ExternalId, DateTimeOffset Time), bool> which)
    {
        lock (gate)
        {
            rows.Keys.Where(which).ToList().ForEach(key => rows.Remove(key));
        }
    }

    /// <summary>Has a device and its rows again that were deleted.</summary>
    public void Restore(JsonElement device, Dictionary<(string ExternalId, DateTimeOffset Time), Dictionary<string, JsonElement>> all)
    {
        lock (gate)
        {
            Catalogue[device.GetProperty("externalId").GetString()!] = device;
            devices.Add(device.GetProperty("externalId").GetString()!);
            foreach (var (key, values) in all)
            {
                rows[key] = values;
            }
        }
    }

    /// <summary>Has another value than the stack.</summary>
    public void Spoil(string externalId, DateTimeOffset time, string name, double value)
    {
        lock (gate)
        {
            rows[(externalId, time)][name] = JsonSerializer.SerializeToElement(value);
        }
    }

    /// <summary>Forgets devices, as a fleet does that was restored from an older backup.</summary>
    public void ForgetDevices()
    {
        lock (gate)
        {
            devices.Clear();
        }
    }

    public IReadOnlyList<ReceivedBatch> Measurements => [.. Batches.Where(batch => batch.BatchType == "measurements")];

    public async ValueTask DisposeAsync()
    {
        using var atOnce = new CancellationTokenSource(TimeSpan.Zero);
        await app.StopAsync(atOnce.Token);
        await app.DisposeAsync();
    }

    private async Task ReceiveAsync(HttpContext http)
    {
        var headers = http.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        await using var body = headers.GetValueOrDefault("Content-Encoding") == "zstd" ? new DecompressionStream(http.Request.Body) : http.Request.Body;
        var batch = await ReceivedBatch.ReadAsync(body, headers);
        var handled = await Before(http, batch);
        if (!handled && headers.GetValueOrDefault("Authorization") != $"Bearer {Token.Reveal()}")
        {
            http.Response.StatusCode = 401;
            handled = true;
        }

        if (handled)
        {
            Batches.Enqueue(batch with { Status = http.Response.StatusCode });
            return;
        }

        var answer = Store(batch);
        if (!await After(http, batch))
        {
            http.Response.ContentType = "application/json";
            await http.Response.WriteAsync(answer);
        }

        Batches.Enqueue(batch with { Status = http.Response.StatusCode });
    }

    private string Store(ReceivedBatch batch)
    {
        lock (gate)
        {
            if (answers.TryGetValue(batch.BatchId, out var known))
            {
                return known;
            }

            var (accepted, duplicate) = (0, 0);
            var rejections = new List<object>();
            foreach (var (index, row) in batch.Rows.Index())
            {
                var serial = row.GetProperty("externalId").GetString()!;
                switch (batch.BatchType)
                {
                    case "measurements" when !devices.Contains(serial):
                        rejections.Add(new { index, externalId = serial, reason = "unknown-device" });
                        break;
                    case "measurements":
                        _ = Fill(serial, row, batch.Names.Contains("replace")) ? accepted++ : duplicate++;
                        break;
                    case "devices" when row.TryGetProperty("deleted", out var deleted) && deleted.GetBoolean():
                        accepted++;
                        Catalogue.TryRemove(serial, out _);
                        devices.Remove(serial);
                        rows.Keys.Where(key => key.ExternalId == serial).ToList().ForEach(key => rows.Remove(key));
                        break;
                    case "sites" when row.TryGetProperty("deleted", out var gone) && gone.GetBoolean():
                        accepted++;
                        Catalogue.TryRemove(serial, out _);
                        break;
                    default:
                        accepted++;
                        Catalogue[serial] = row;
                        _ = batch.BatchType == "devices" && !RefusedDevices.Contains(serial) && devices.Add(serial);
                        break;
                }
            }

            return answers[batch.BatchId] = JsonSerializer.Serialize(
                new { batchId = batch.BatchId, accepted, duplicate, rejected = rejections.Count, rejections = rejections.Take(100) }
            );
        }
    }

    private async Task CompareAsync(HttpContext http)
    {
        await using var body = new DecompressionStream(http.Request.Body);
        var request = (await JsonSerializer.DeserializeAsync<LedgerRequest>(body, JsonSerializerOptions.Web))!;
        Ledgers.Enqueue(request);
        if (LedgerStatus is { } status)
        {
            http.Response.StatusCode = status;
            return;
        }

        var here = Days().Where(day => day.Day >= request.From && day.Day < request.To).ToDictionary(day => (day.ExternalId, day.Day));
        var equal = request.Days.Count(day => here.GetValueOrDefault((day.ExternalId, day.Day)) is { } known && known.Hash == day.Hash);
        var named = request.Days.Select(day => (day.ExternalId, day.Day)).ToHashSet();
        var pending = (request.Pending ?? []).Select(day => (day.ExternalId, day.Day)).ToHashSet();
        LedgerDay[] differences =
        [
            .. request
                .Days.Where(day => here.GetValueOrDefault((day.ExternalId, day.Day))?.Hash != day.Hash)
                .Select(day => here.GetValueOrDefault((day.ExternalId, day.Day)) ?? new LedgerDay(day.ExternalId, day.Day, 0, null, null, null, null)),
            .. here.Where(day => !named.Contains(day.Key) && !pending.Contains(day.Key)).Select(day => day.Value),
        ];
        await http.Response.WriteAsJsonAsync(new LedgerAnswer(equal, differences));
    }

    private IResult RowsOf(string externalId, DateOnly day)
    {
        if (!Catalogue.TryGetValue(externalId, out var device))
        {
            return Results.NotFound();
        }

        var measurements = Rows()
            .Where(row => row.Key.ExternalId == externalId && DateOnly.FromDateTime(row.Key.Time.UtcDateTime) == day)
            .OrderBy(row => row.Key.Time)
            .Select(row => new Dictionary<string, object>(row.Value.Select(value => KeyValuePair.Create(value.Key, (object)value.Value)))
            {
                ["externalId"] = externalId,
                ["time"] = row.Key.Time,
            });
        return Results.Json(new { site = Catalogue[device.GetProperty("siteExternalId").GetString()!], device, measurements });
    }

    // What it holds, hashed by what ADR 0006 says of the bytes.
    private List<LedgerDay> Days()
    {
        using var hash = new DayHash();
        var days = new List<LedgerDay>();
        foreach (var day in Rows().GroupBy(row => (row.Key.ExternalId, Day: DateOnly.FromDateTime(row.Key.Time.UtcDateTime))))
        {
            foreach (var (key, values) in day.OrderBy(row => row.Key.Time))
            {
                hash.Append(key.Time.UtcTicks, [.. Quantities.All.Select(quantity => values.TryGetValue(quantity.Name, out var value) ? Number(value) : double.NaN)]);
            }

            days.Add(new LedgerDay(day.Key.ExternalId, day.Key.Day, day.Count(), day.Min(row => row.Key.Time), day.Max(row => row.Key.Time), null, hash.Finish()));
        }

        return days;
    }

    private static double Number(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()![0] : value.GetDouble();

    private bool Fill(string serial, JsonElement row, bool replace)
    {
        var key = (serial, row.GetProperty("time").GetDateTimeOffset());
        var isNew = !rows.TryGetValue(key, out var values);
        rows[key] = values ??= [];
        foreach (var property in row.EnumerateObject().Where(property => replace && values.ContainsKey(property.Name)))
        {
            values[property.Name] = property.Value;
        }

        return row.EnumerateObject()
                .Where(property => property.Name is not ("externalId" or "time"))
                .Select(property => values.TryAdd(property.Name, property.Value))
                .ToList()
                .Contains(true) || isNew;
    }
}
