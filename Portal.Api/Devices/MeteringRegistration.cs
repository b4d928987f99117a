using Portal.Api.Energy;

namespace Portal.Api.Devices;

internal static class MeteringRegistration
{
    /// <summary>What a customer's stack has and the operators' has not.</summary>
    public static void AddMetering(this IServiceCollection services)
    {
        services.AddScoped<DeviceClocks>();
        services.AddScoped<EnergySources>();
    }
}
