using System.Diagnostics;
using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Portal.ServiceDefaults;

/// <summary>
/// Traces, metrics and logs by OpenTelemetry, sent by OTLP when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> names a receiver of all of them;
/// <c>OTEL_EXPORTER_OTLP_METRICS_ENDPOINT</c> alone names one of metrics, such as a Prometheus. Without a receiver nothing is gathered, which would
/// cost every request; the trace's id goes from service to service and into the logs all the same.
/// Activity sources and meters of ours are found by their names: <c>Portal.*</c> and <c>Fleet.*</c>.
/// </summary>
internal static class Telemetry
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string MetricsEndpoint = "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT";

    private static readonly string[] Sources = ["Npgsql", "Yarp.ReverseProxy", "Portal.*", "Fleet.*"];

    public static void AddTelemetry(this IHostApplicationBuilder builder)
    {
        if (!string.IsNullOrWhiteSpace(builder.Configuration[Endpoint])) builder.AddAll();
        else if (builder.Configuration[MetricsEndpoint] is { Length: > 0 } metricsAlone)
        {
            if (Uri.TryCreate(metricsAlone, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
                builder.AddMeasures().WithMetrics(metrics => metrics.AddOtlpExporter(exporter => SendMetrics(exporter, address)));
            else
            {
                builder.Services.AddStartRule(
                    MetricsEndpoint, () => false, $"{MetricsEndpoint} is '{metricsAlone}'; it must be an address such as http://prometheus:9090/api/v1/otlp/v1/metrics.");
            }
        }
    }

    private static OpenTelemetryBuilder AddMeasures(this IHostApplicationBuilder builder) => builder.Services.AddOpenTelemetry()
        .ConfigureResource(resource => resource.AddService(
            builder.Configuration["OTEL_SERVICE_NAME"] ?? builder.Environment.ApplicationName,
            serviceVersion: Assembly.GetEntryAssembly()?.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion))
        .WithMetrics(metrics => metrics
            .AddAspNetCoreInstrumentation()
            .AddHttpClientInstrumentation()
            .AddRuntimeInstrumentation()
            .AddMeter(Sources));

    private static void AddAll(this IHostApplicationBuilder builder)
    {
        builder.Logging.AddOpenTelemetry(logs =>
        {
            logs.IncludeFormattedMessage = true;
            logs.IncludeScopes = true;
        });

        builder.AddMeasures()
            .WithTracing(traces => traces
                .AddSource(Sources)
                .AddAspNetCoreInstrumentation(options =>
                {
                    options.Filter = http => !IsProbe(http.Request.Path);
                    options.EnrichWithHttpRequest = (activity, _) => DropQuery(activity);
                    options.EnrichWithHttpResponse = (activity, _) => DropQuery(activity);
                })
                .AddHttpClientInstrumentation(options =>
                {
                    options.FilterHttpRequestMessage = request => !IsProbe(request.RequestUri?.AbsolutePath);
                    options.EnrichWithHttpResponseMessage = (activity, _) => CutQuery(activity, "url.full");
                }))
            .UseOtlpExporter();
    }

    // UseOtlpExporter would send traces and logs to localhost besides. By HTTP, which is what Prometheus takes; the address is the whole one.
    private static void SendMetrics(OtlpExporterOptions exporter, Uri endpoint)
    {
        exporter.Endpoint = endpoint;
        exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
    }

    // Asked or answered: one every few seconds for each service would bury everything else.
    private static bool IsProbe(PathString path) => path.StartsWithSegments("/health", StringComparison.OrdinalIgnoreCase);

    // A query string may hold an ingest key (?key=). Nothing of it is worth that, so it goes whole.
    private static void DropQuery(Activity activity)
    {
        activity.SetTag("url.query", null);
        CutQuery(activity, "url.full");
    }

    private static void CutQuery(Activity activity, string tag)
    {
        if (activity.GetTagItem(tag) is string url && url.IndexOf('?', StringComparison.Ordinal) is var at and >= 0)
            activity.SetTag(tag, url[..at]);
    }
}
