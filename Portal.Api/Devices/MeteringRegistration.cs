using Portal.Api.Charts;
using Portal.Api.Costs;
using Portal.Api.Energy;
using Portal.Api.IngestKeys;
using Portal.Api.Measurements;
using Portal.Api.Overview;
using Portal.Api.Rates;
using Portal.Api.Sites;
using Portal.Data;

namespace Portal.Api.Devices;

internal static class MeteringRegistration
{
    /// <summary>What a customer's stack has and the operators' has not.</summary>
    public static void AddMetering(this IServiceCollection services)
    {
        services.AddDeviceAdmission();
        services.AddScoped<DeviceRegistration>();
        services.AddScoped<DeviceClocks>();
        services.AddScoped<EnergySources>();
        services.AddRates();
        services.AddCosts();
    }

    public static void MapMetering(this IEndpointRouteBuilder app)
    {
        app.MapSites();
        app.MapDevices();
        app.MapMeasurements();
        app.MapSeries();
        app.MapQuality();
        app.MapCharts();
        app.MapEnergy();
        app.MapOverview();
        app.MapIngestKeys();
        app.MapRates();
        app.MapCosts();
    }
}
