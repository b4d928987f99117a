using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portal.Data.Measurements;
using Portal.Data.Quarantine;
using Portal.TimeSeries;

namespace Portal.Data;

/// <summary>Who writes measurements, and who admits devices.</summary>
public static class WriterRegistration
{
    /// <summary>For whoever receives posts: <see cref="MeasurementWriter"/>, and the quarantine kept within its bounds.</summary>
    public static IServiceCollection AddMeasurementWriter(this IServiceCollection services)
    {
        AddQuarantine(services);
        return services
            .AddSingleton<MeasurementWriter>()
            .AddSingleton<DuplicateCounter>()
            .AddHostedService(provider => provider.GetRequiredService<DuplicateCounter>())
            .AddSingleton<IngestKeyStore>()
            .AddSingleton<UnknownParameterStore>()
            .AddSingleton<QuarantineBounds>()
            .AddHostedService<QuarantineKeeper>();
    }

    /// <summary>For whoever changes the catalogue: <see cref="DeviceAdmission"/> and <see cref="UnclaimedDevices"/>.</summary>
    public static IServiceCollection AddDeviceAdmission(this IServiceCollection services)
    {
        AddQuarantine(services);
        return services.AddSingleton<DeviceAdmission>().AddSingleton<UnclaimedDevices>();
    }

    private static void AddQuarantine(IServiceCollection services)
    {
        services.AddOptions<QuarantineOptions>().BindConfiguration(QuarantineOptions.SectionName).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<QuarantineUsage>();
    }
}
