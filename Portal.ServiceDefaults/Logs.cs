using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Events;
using Serilog.Formatting.Compact;

namespace Portal.ServiceDefaults;

/// <summary>
/// One JSON object per line on stdout, with the rendered message in <c>@m</c>. Levels come from the section that
/// every .NET program knows: <c>Logging__LogLevel__Default</c>, <c>Logging__LogLevel__Some.Category</c>.
/// </summary>
internal static class Logs
{
    // What a framework says per request, per SQL command or per probe is noise here; each line can be switched on
    // again by its category in the configuration.
    private static readonly (string Category, LogEventLevel Level)[] Quiet =
    [
        ("Microsoft.AspNetCore", LogEventLevel.Warning),
        ("Microsoft.EntityFrameworkCore", LogEventLevel.Warning),
        ("Microsoft.Extensions.Http", LogEventLevel.Warning),
        ("Microsoft.Extensions.ServiceDiscovery", LogEventLevel.Warning),
        ("System.Net.Http", LogEventLevel.Warning),
        ("Polly", LogEventLevel.Warning),
        ("Npgsql", LogEventLevel.Warning),
        ("Yarp", LogEventLevel.Warning),
        // A stack trace per request to a service that restarts; the gateway writes a line of its own.
        ("Yarp.ReverseProxy.Forwarder.HttpForwarder", LogEventLevel.Error),
        // A warning per probe of a service that is away; a change of its health is logged elsewhere.
        ("Yarp.ReverseProxy.Health.ActiveHealthCheckMonitor", LogEventLevel.Error),
        // It repeats an error per probe; ReadinessLog writes one line per change instead.
        ("Microsoft.Extensions.Diagnostics.HealthChecks", LogEventLevel.Fatal),
    ];

    public static void AddLogs(this IHostApplicationBuilder builder)
    {
        // Serilog writes to stdout; of the other providers only OpenTelemetry (see Telemetry) is wanted.
        builder.Logging.ClearProviders();

        var levels = builder.ReadLevels();
        builder.Services.AddSerilog(
            (_, logger) =>
            {
                logger.MinimumLevel.Is(LogEventLevel.Information);
                foreach (var (category, level) in Quiet) logger.MinimumLevel.Override(category, level);
                foreach (var (category, level) in levels)
                {
                    if (category.Equals("Default", StringComparison.OrdinalIgnoreCase)) logger.MinimumLevel.Is(level);
                    else logger.MinimumLevel.Override(category, level);
                }

                logger.Enrich.FromLogContext();
                logger.Enrich.With<ReadableValues>();
                logger.WriteTo.Console(new RedactedLines(new RenderedCompactJsonFormatter()));
            },
            // Several hosts live in one process in tests; none of them may take over the static logger.
            preserveStaticLogger: true,
            // Without it OpenTelemetry gets no logs.
            writeToProviders: true);
    }

    // One that is none is told with all else that is wrong, and left out: what is told goes into the log.
    private static List<(string Category, LogEventLevel Level)> ReadLevels(this IHostApplicationBuilder builder)
    {
        var levels = new List<(string, LogEventLevel)>();
        foreach (var entry in builder.Configuration.GetSection("Logging:LogLevel").GetChildren())
        {
            if (!Enum.TryParse<LogLevel>(entry.Value, ignoreCase: true, out var parsed))
            {
                builder.Services.AddStartRule(
                    entry.Path, () => false,
                    $"{entry.Path} is '{entry.Value}', which is no log level. Use one of {string.Join(", ", Enum.GetNames<LogLevel>())}.");
                continue;
            }

            levels.Add((entry.Key, parsed switch
            {
                LogLevel.Trace => LogEventLevel.Verbose,
                LogLevel.Debug => LogEventLevel.Debug,
                LogLevel.Information => LogEventLevel.Information,
                LogLevel.Warning => LogEventLevel.Warning,
                LogLevel.Error => LogEventLevel.Error,
                // Serilog has nothing above fatal; nothing of ours logs at that level.
                _ => LogEventLevel.Fatal,
            }));
        }

        return levels;
    }
}
