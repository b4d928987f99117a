using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Trace;
using Portal.Ingest.Tests.Hosting;
using Portal.Testing;

namespace Portal.Ingest.Tests.Posts;

public sealed class TraceTests
{
    [PostgresFact]
    public async Task One_trace_spans_the_meters_post_ingest_and_the_database()
    {
        var spans = new SynchronizedList();
        await using var host = await IngestHost.StartNewAsync(
            "trace",
            // Without a receiver nothing is gathered.
            new Dictionary<string, string> { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:9" },
            configure: services => services.ConfigureOpenTelemetryTracerProvider(traces => traces.AddInMemoryExporter(spans))
        );
        await host.Catalogue.AddDeviceAsync(await host.Catalogue.AddSiteAsync(), "T1");
        var trace = ActivityTraceId.CreateRandom();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/ingest/acuvim?key={host.Key.Reveal()}")
        {
            Content = new StringContent(
                """{"timestamp":1764959040,"device":{"serial":"T1","readings":[{"param":"F","value":50,"unit":"Hz"}]}}""",
                Encoding.UTF8,
                new MediaTypeHeaderValue("application/json")
            ),
        };
        request.Headers.Add("traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom()}-01");

        using var response = await host.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await Eventually.TrueAsync(() => Task.FromResult(Own().Any(span => span.Kind == ActivityKind.Server)), "the request's span has ended");
        var own = Own();
        Assert.Contains(own, span => span.Source.Name == "Portal.Ingest" && span.OperationName == "decode");
        Assert.Contains(own, span => span.Source.Name == "Portal.Ingest" && span.OperationName == "write");
        Assert.Contains(own, span => span.Source.Name == "Npgsql" && Root(span, own).Kind == ActivityKind.Server);
        Assert.DoesNotContain(own, span => span.TagObjects.Any(tag => tag.Value?.ToString()?.Contains(host.Key.Reveal(), StringComparison.Ordinal) == true));

        List<Activity> Own() => [.. spans.Copy().Where(span => span.TraceId == trace)];
    }

    // Up the parents as far as they are in the trace.
    private static Activity Root(Activity span, List<Activity> all)
    {
        while (all.Find(other => other.SpanId == span.ParentSpanId) is { } parent)
        {
            span = parent;
        }

        return span;
    }

    /// <summary>The exporter adds from the service's threads.</summary>
    private sealed class SynchronizedList : System.Collections.ObjectModel.Collection<Activity>
    {
        public List<Activity> Copy()
        {
            lock (Items)
            {
                return [.. Items];
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
}
