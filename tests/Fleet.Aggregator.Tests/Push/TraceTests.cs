using System.Collections.ObjectModel;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Trace;
using Portal.Testing;

namespace Fleet.Aggregator.Tests.Push;

public sealed class TracedApp : AggregatorApp
{
    public SynchronizedSpans Spans { get; } = [];

    // Without a receiver nothing is gathered.
    protected override IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string> { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:9" };

    protected override void Configure(IServiceCollection services) =>
        services.ConfigureOpenTelemetryTracerProvider(traces => traces.AddInMemoryExporter(Spans));
}

/// <summary>The exporter adds from the service's threads.</summary>
public sealed class SynchronizedSpans : Collection<Activity>
{
    public List<Activity> Of(ActivityTraceId trace)
    {
        lock (Items)
        {
            return [.. Items.Where(span => span.TraceId == trace)];
        }
    }

    protected override void InsertItem(int index, Activity item)
    {
        lock (Items)
        {
            Items.Add(item);
        }
    }
}

public sealed class TraceTests(TracedApp app) : IClassFixture<TracedApp>
{
    [PostgresFact]
    public async Task One_trace_spans_the_stacks_push_the_aggregator_and_the_database_and_holds_no_token()
    {
        using var stack = await app.RegisterAsync();
        await stack.PushDevicesAsync("T");
        var trace = ActivityTraceId.CreateRandom();
        var batch = Encoding.UTF8.GetBytes(Pusher.Batch("measurements", """[{"externalId":"T","time":"2026-11-10T10:00:00Z","activePowerKw":1}]"""));

        using var answer = await stack.SendAsync(batch, null, traceparent: $"00-{trace}-{ActivitySpanId.CreateRandom()}-01");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await Eventually.TrueAsync(() => Task.FromResult(app.Spans.Of(trace).Any(span => span.Kind == ActivityKind.Server)), "the request's span has ended");
        var own = app.Spans.Of(trace);
        foreach (var name in (string[])["decode", "write", "commit"])
        {
            Assert.Contains(own, span => span.Source.Name == "Fleet.Aggregator" && span.OperationName == name);
        }

        Assert.Contains(own, span => span.Source.Name == "Npgsql");
        Assert.DoesNotContain(own, span => span.TagObjects.Any(tag => tag.Value?.ToString()?.Contains(stack.Token, StringComparison.Ordinal) == true));
    }

    [PostgresFact]
    public async Task Rows_are_counted_by_what_became_of_them_and_refusals_by_their_status()
    {
        using var stack = await app.RegisterAsync();
        await stack.PushDevicesAsync("C");
        var counts = new Dictionary<string, long>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, listening) =>
        {
            if (instrument.Meter.Name == "Fleet.Aggregator" && ReferenceEquals(instrument.Meter.Scope, app.Services.GetRequiredService<IMeterFactory>()))
            {
                Assert.False(string.IsNullOrEmpty(instrument.Unit), instrument.Name);
                Assert.False(string.IsNullOrEmpty(instrument.Description), instrument.Name);
                listening.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>(
            (instrument, value, tags, _) =>
            {
                lock (counts)
                {
                    var key = tags.Length == 0 ? instrument.Name : $"{instrument.Name} {tags[0].Value}";
                    counts[key] = counts.GetValueOrDefault(key) + value;
                }
            }
        );
        listener.Start();
        const string Rows = """[{"externalId":"C","time":"2026-11-10T10:00:00Z","activePowerKw":1},{"externalId":"X","time":1,"activePowerKw":1}]""";
        var id = Guid.CreateVersion7();

        await stack.PushAsync("measurements", Rows, id);
        await stack.PushAsync("measurements", Rows, id);
        await stack.PushAsync("measurements", Rows);
        (await stack.SendAsync("{}")).Dispose();

        Assert.Equal(1, counts["fleet.push.rows.accepted"]);
        Assert.Equal(1, counts["fleet.push.rows.duplicate"]);
        Assert.Equal(2, counts["fleet.push.rows.rejected invalid-time"]);
        Assert.Equal(1, counts["fleet.push.batches.repeated"]);
        Assert.Equal(1, counts["fleet.push.batches.refused 400"]);
    }
}
