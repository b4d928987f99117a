using Portal.Api.Energy;
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
    }
}
