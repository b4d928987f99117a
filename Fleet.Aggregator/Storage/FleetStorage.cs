using Microsoft.EntityFrameworkCore;
using Npgsql;
using Portal.ServiceDefaults;

namespace Fleet.Aggregator.Storage;

internal static class FleetStorage
{
    // Two cores serve a database best with few connections; what waits for one fails after Npgsql's 15 s.
    private const int MaxPoolSize = 20;
    private const int CommandTimeoutSeconds = 30;

    /// <summary>The fleet's database: one shared data source, the catalogue, its migration before readiness.</summary>
    public static void AddFleetStorage(this IHostApplicationBuilder builder)
    {
        var (connectionString, source) = FleetConnection.Resolve(builder.Configuration);
        builder.Services.AddSingleton(provider =>
        {
            var dataSource = new NpgsqlDataSourceBuilder(connectionString)
            {
                Name = "fleet",
                ConnectionStringBuilder =
                {
                    MaxPoolSize = MaxPoolSize,
                    CommandTimeout = CommandTimeoutSeconds,
                    ApplicationName = "aggregator",
                },
            };
            dataSource.UseLoggerFactory(provider.GetRequiredService<ILoggerFactory>());
            return dataSource.Build();
        });
        builder.Services.AddDbContextPool<FleetDbContext>((provider, options) =>
            options.UseNpgsql(
                provider.GetRequiredService<NpgsqlDataSource>(),
                npgsql => npgsql.MigrationsHistoryTable("__EFMigrationsHistory", FleetDbContext.Schema)));

        builder.Services.AddSingleton(provider => new FleetSchema(
            provider.GetRequiredService<IServiceScopeFactory>(),
            provider.GetRequiredService<NpgsqlDataSource>(),
            source,
            provider.GetRequiredService<ILogger<FleetSchema>>()));
        builder.Services.AddHostedService(provider => provider.GetRequiredService<FleetSchema>());
        builder.Services.AddHealthChecks().AddCheck<FleetSchema>("fleet-schema", tags: [Health.Ready]);
    }
}
