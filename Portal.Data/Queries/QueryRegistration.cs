using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portal.Data.Queries.Charts;

namespace Portal.Data.Queries;

public static class QueryRegistration
{
    /// <summary>The queries over measurements and roll-ups; they need the shared <see cref="Npgsql.NpgsqlDataSource"/>.</summary>
    public static IServiceCollection AddPortalQueries(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        return services
            .AddSingleton<MeasurementQueries>()
            .AddSingleton<HistoryQueries>()
            .AddSingleton<SeriesQueries>()
            .AddSingleton<ChartQueries>()
            .AddSingleton<RegisterQueries>()
            .AddSingleton<EnergyQueries>()
            .AddSingleton<OverviewQueries>()
            .AddSingleton<QualityQueries>();
    }
}
