using Microsoft.Extensions.Options;
using Portal.Data;
using Portal.Data.FleetPush;
using Portal.ServiceDefaults.Sessions;

namespace Portal.Ingest.FleetPush;

internal static class FleetPushRegistration
{
    /// <summary>
    /// The push to the fleet, and sessions for its status. Before the ingest keys, whose scheme is the one that is asked where an endpoint
    /// names none.
    /// </summary>
    public static void AddFleetPush(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<IConfigureOptions<FleetIngestOptions>, FleetIngestOptionsReader>();
        services.AddSingleton<IValidateOptions<FleetIngestOptions>, FleetIngestOptionsValidator>();
        services.AddOptions<FleetIngestOptions>().ValidateOnStart();
        services.AddSingleton<PushReport>().AddSingleton<PushTransport>().AddSingleton<PushTokenSource>().AddSingleton<FleetPushInstruments>();
        services.AddDeviceAdmission().AddSingleton<LostDevices>();
        services.AddSingleton<FleetPusher>().AddHostedService(provider => provider.GetRequiredService<FleetPusher>());
        services.AddPortalSessions();
    }
}
