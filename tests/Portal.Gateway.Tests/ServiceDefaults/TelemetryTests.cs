using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Portal.Gateway.Tests.ServiceDefaults;

public sealed class TelemetryTests
{
    private const string Path = "/telemetry-test/post";
    private const string Key = "pik_0123456789abcdefghijABCDEFGHIJ";

    // Without a receiver nothing is gathered.
    private const string NobodysReceiver = "--OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:9";

    private readonly List<Activity> spans = [];
    private readonly List<Metric> metrics = [];
    private readonly List<LogRecord> logs = [];

    [Fact]
    public async Task A_request_leaves_a_span_without_its_query_and_a_probe_leaves_none()
    {
        await using var service = await StartAsync();

        await service.Client.GetStringAsync($"{Path}?key={Key}&secret=hush");
        await service.Client.GetStringAsync("/health");
        await service.Client.GetStringAsync("/health/ready");

        // A listener hears every span of the process, also those of services that other tests started: only this path is ours.
        List<Activity> Ours() => [.. Snapshot(spans).Where(span => span.TagObjects.Any(tag => $"{tag.Value}".Contains(Path, StringComparison.Ordinal)))];
        await Eventually.TrueAsync("the request's spans ended", () => Task.FromResult(Ours().Any(span => span.Kind == ActivityKind.Server)));
        var ours = Ours();
        Assert.Single(ours, span => span.Kind == ActivityKind.Server);
        Assert.DoesNotContain(Snapshot(spans), span => span.Kind == ActivityKind.Server && $"{span.GetTagItem("url.path")}".StartsWith("/health", StringComparison.Ordinal));
        Assert.Contains(ours, span => span.Kind == ActivityKind.Client);
        Assert.All(ours, span => Assert.DoesNotContain(span.TagObjects, tag =>
            $"{tag.Value}".Contains("pik_", StringComparison.Ordinal) || $"{tag.Value}".Contains("hush", StringComparison.Ordinal) || tag.Key == "url.query"));
        Assert.Contains(Snapshot(spans), span => span.Source.Name == "Portal.Test" && span.DisplayName == "decode");
    }

    [Fact]
    public async Task Logs_reach_the_exporter_rendered_as_on_stdout_and_without_secrets()
    {
        await using var service = await StartAsync();

        service.App.Services.GetRequiredService<ILogger<TelemetryTests>>().LogInformation(
            "Applied migration '{Migration}', a key {Key}, asked {Url}", "InitialCreate", Key, new Uri($"http://x/y?key=hush&z=1"));

        var record = Assert.Single(Snapshot(logs), log => log.CategoryName == typeof(TelemetryTests).FullName);
        Assert.Equal("Applied migration 'InitialCreate', a key pik_[redacted], asked http://x/y?key=[redacted]&z=1", record.FormattedMessage);
        Assert.DoesNotContain(record.Attributes!, attribute => $"{attribute.Value}".Contains(Key, StringComparison.Ordinal) || $"{attribute.Value}".Contains("hush", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Instruments_named_after_the_portal_and_its_drivers_are_collected()
    {
        await using var service = await StartAsync();
        string[] names = ["Portal.Test", "Fleet.Test", "Npgsql"];
        var meters = names.Select(name => new Meter(name)).ToList();
        foreach (var meter in meters) meter.CreateCounter<int>($"{meter.Name}.count").Add(1);

        service.App.Services.GetRequiredService<MeterProvider>().ForceFlush();

        Assert.Equal(names.Order(), Snapshot(metrics).Where(metric => names.Contains(metric.MeterName)).Select(metric => metric.MeterName).Distinct().Order());
        foreach (var meter in meters) meter.Dispose();
    }

    [Fact]
    public async Task Metrics_alone_go_to_a_Prometheus_and_nothing_else_does()
    {
        var asked = new ConcurrentQueue<string>();
        await using var prometheus = await Backend.StartAsync("prometheus", http =>
        {
            asked.Enqueue($"{http.Request.Method} {http.Request.Path} {http.Request.ContentType}");
            return Task.CompletedTask;
        });
        var endpoint = $"{prometheus.Address.TrimEnd('/')}/api/v1/otlp/v1/metrics";

        await using (var service = await DefaultService.StartAsync(args: [$"--OTEL_EXPORTER_OTLP_METRICS_ENDPOINT={endpoint}"]))
        {
            Assert.Null(service.App.Services.GetService<TracerProvider>());
            using var meter = new Meter("Portal.Test");
            meter.CreateCounter<int>("sent").Add(1);
            service.App.Services.GetRequiredService<MeterProvider>().ForceFlush();
        }

        Assert.NotEmpty(asked);
        Assert.All(asked, request => Assert.Equal("POST /api/v1/otlp/v1/metrics application/x-protobuf", request));
    }

    [Fact]
    public async Task A_receiver_that_is_no_address_is_named()
    {
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => DefaultService.StartAsync(args: ["--OTEL_EXPORTER_OTLP_METRICS_ENDPOINT=prometheus"]));

        Assert.Contains("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT is 'prometheus'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_receiver_nothing_is_gathered()
    {
        await using var service = await DefaultService.StartAsync();

        Assert.Null(service.App.Services.GetService<MeterProvider>());
        Assert.Null(service.App.Services.GetService<TracerProvider>());
    }

    private static List<T> Snapshot<T>(List<T> list)
    {
        lock (list) return [.. list];
    }

    private Task<DefaultService> StartAsync() => DefaultService.StartAsync(
        app => app.MapGet(Path, () =>
        {
            using var source = new ActivitySource("Portal.Test");
            using var decode = source.StartActivity("decode");
            return "ok";
        }),
        services =>
        {
            services.AddOpenTelemetry()
                .WithTracing(tracing => tracing.AddInMemoryExporter(spans))
                .WithMetrics(metering => metering.AddInMemoryExporter(metrics));
            services.Configure<OpenTelemetryLoggerOptions>(logging => logging.AddInMemoryExporter(logs));
        },
        NobodysReceiver);
}
