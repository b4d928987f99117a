using Microsoft.Extensions.Options;

namespace Fleet.Aggregator.Dashboard;

internal static class DashboardRegistration
{
    public static void AddDashboard(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<FleetOptions>, FleetOptionsValidator>();
        services.AddOptions<FleetOptions>().BindConfiguration(FleetOptions.SectionName).ValidateOnStart();
        services.AddSingleton<FleetDay>().AddSingleton<DashboardQueries>().AddSingleton<RecentDashboard>().AddScoped<CatalogueQueries>().AddScoped<DetailQueries>();
    }
}
