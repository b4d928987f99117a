using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Portal.Data.Connection;
using Portal.Data.Queries;
using Portal.Data.TimeSeries;
using Portal.Data.TimeSeries.Gathering;
using Portal.TimeSeries;

namespace Portal.Data;

/// <summary>What a service's <c>Program.cs</c> calls.</summary>
public static class PortalDataRegistration
{
    /// <summary>
    /// The database of a stack: one shared <see cref="NpgsqlDataSource"/>, <see cref="PortalDbContext"/> (scoped, and by
    /// <see cref="IDbContextFactory{TContext}"/> for singletons), <see cref="ITimeSeries"/>, and a readiness check that waits for the schema.
    /// Settings are validated when the host starts; nothing is opened before.
    /// </summary>
    public static IHostApplicationBuilder AddPortalData(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddTimeSeries(PortalSeries.Layout, new DatabaseDefaults("portal", "power_monitoring"));
        services.AddPooledDbContextFactory<PortalDbContext>(
            (provider, options) =>
                options
                    .UseNpgsql(provider.GetRequiredService<NpgsqlDataSource>(), PortalContext.Configure)
                    .AddInterceptors(new PreparedQueries.Interceptor())
                    .ConfigureWarnings(warnings => warnings.Log((RelationalEventId.CommandExecuted, LogLevel.Debug))) // a line a statement otherwise
        );
#if ASPIRE
        // Aspire's integration adds its telemetry to our registration. Its health check would repeat ours, and its retries forbid
        // transactions of the caller's own.
        builder.EnrichNpgsqlDbContext<PortalDbContext>(settings =>
        {
            settings.DisableHealthChecks = true;
            settings.DisableRetry = true;
        });
#endif

        services.AddSingleton<PortalSchema>();
        services.AddPortalQueries();
        services.AddHealthChecks().AddCheck<SchemaReadyCheck>("schema", tags: ["ready"]);
        return builder;
    }

    /// <summary>
    /// For the API alone, after <see cref="AddPortalData"/>: migrates when the host starts, runs <paramref name="seed"/> (repeatable, under the
    /// schema's lock, with a scope of its own), and is not ready before. A failure ends the process with exit code 1. From then on it keeps the
    /// roll-ups up to date, and lays days that are over together by device.
    /// </summary>
    public static IHostApplicationBuilder AddPortalSchema(
        this IHostApplicationBuilder builder,
        Func<IServiceProvider, CancellationToken, Task>? seed = null
    )
    {
        builder.Services.AddSingleton(new SchemaSeed(seed ?? ((_, _) => Task.CompletedTask)));
        builder.Services.AddHostedService<SchemaStartup>();
        builder.Services.AddRollUpJob();
        builder.Services.AddOptions<GatherOptions>().BindConfiguration(GatherOptions.SectionName).ValidateOnStart();
        builder.Services.AddSingleton<DayGathering>().AddHostedService<GatherJob>();
        return builder;
    }
}
