using Fleet.Aggregator.Events;
using Microsoft.Extensions.Options;

namespace Fleet.Aggregator.Silences;

[OptionsValidator]
internal sealed partial class SilenceOptionsRanges : IValidateOptions<SilenceOptions>;

[OptionsValidator]
internal sealed partial class IngestEventOptionsRanges : IValidateOptions<IngestEventOptions>;

internal static class SilenceRegistration
{
    /// <summary>What watches the fleet: who falls silent is noticed once a minute, and old events and silences are dropped.</summary>
    public static void AddWatch(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<SilenceOptions>, SilenceOptionsRanges>();
        services.AddOptions<SilenceOptions>().BindConfiguration(SilenceOptions.SectionName).ValidateOnStart();
        services.AddSingleton<SilencePass>().AddSingleton<SilenceGauges>();
        services.AddHostedService<SilenceJob>();
        services.AddSingleton<IValidateOptions<IngestEventOptions>, IngestEventOptionsRanges>();
        services.AddOptions<IngestEventOptions>().BindConfiguration(IngestEventOptions.SectionName).ValidateOnStart();
        services.AddSingleton<IngestEventKeeper>().AddHostedService(provider => provider.GetRequiredService<IngestEventKeeper>());
    }
}
