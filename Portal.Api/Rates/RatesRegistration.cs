using Portal.Data.Rates;

namespace Portal.Api.Rates;

internal static class RatesRegistration
{
    public static void AddRates(this IServiceCollection services)
    {
        services.AddScoped<TariffImport>();
        services.AddScoped<SiteRatesQueries>();
    }

    public static void MapRates(this IEndpointRouteBuilder app)
    {
        app.MapMunicipalities();
        app.MapTariffs();
        app.MapTariffVersions();
        app.MapShippedTariffs();
        app.MapAssignments();
        app.MapSiteFacts();
    }
}
