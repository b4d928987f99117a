using Fleet.Aggregator.Measurements;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Portal.ServiceDefaults;
using Portal.TimeSeries;

namespace Fleet.Aggregator.Storage;

internal static class FleetStorage
{
    /// <summary>A commit of batches has about ten statements, a query of an operator's screen as many.</summary>
    private const int PreparedStatements = 40;

    /// <summary>
    /// The fleet's database: one shared data source, the catalogue, the measurements with their writer and roll-ups, and the schema brought up to
    /// date before readiness.
    /// </summary>
    public static void AddFleetStorage(this IHostApplicationBuilder builder)
    {
        builder.Services.AddTimeSeries(FleetSeries.Layout, new DatabaseDefaults("fleet", "admin_fleet", PreparedStatements));
        builder.Services.AddDbContextPool<FleetDbContext>((provider, options) =>
            options.UseNpgsql(
                provider.GetRequiredService<NpgsqlDataSource>(),
                npgsql => npgsql.MigrationsHistoryTable("__EFMigrationsHistory", FleetDbContext.Schema)));

        builder.Services.AddSingleton<PushWriter>();
        builder.Services.AddOptions<MeasurementOptions>().BindConfiguration(MeasurementOptions.SectionName).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<Retention>();
        builder.Services.AddHostedService<RetentionJob>();
        builder.Services.AddRollUpJob();
        builder.Services.AddSingleton<FleetSchema>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<FleetSchema>());
        builder.Services.AddHealthChecks().AddCheck<FleetSchema>("fleet-schema", tags: [Health.Ready]);
    }
}
