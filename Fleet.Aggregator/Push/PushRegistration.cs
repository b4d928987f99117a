using Fleet.Aggregator.Catalogue;
using Fleet.Aggregator.Events;
using Microsoft.Extensions.Options;
using Portal.ServiceDefaults;
using Portal.ServiceDefaults.Bodies;

namespace Fleet.Aggregator.Push;

internal static class PushRegistration
{
    /// <summary>What takes the stacks' pushes; the service is ready while its pipeline runs.</summary>
    public static void AddPush(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<PushOptions>, PushOptionsRanges>();
        services.AddSingleton<IValidateOptions<PushOptions>, PushOptionsValidator>();
        services.AddOptions<PushOptions>().BindConfiguration(PushOptions.SectionName).ValidateOnStart();
        services.AddSingleton(provider => new MemoryBudget<int>(provider.GetRequiredService<IOptions<PushOptions>>().Value.MaxBufferedBytes));
        services.AddBodyReader(provider => provider.GetRequiredService<IOptions<PushOptions>>().Value.MaxBodyBytes);
        services.AddSingleton<IngestEventWriter>().AddSingleton<RefusedPushes>();
        services.AddSingleton<CustomerLimits>().AddSingleton<PushQueue>().AddSingleton<PushInstruments>().AddSingleton<CatalogueWriter>().AddSingleton<GroupWriter>();
        services.AddSingleton<PushPipeline>().AddHostedService(provider => provider.GetRequiredService<PushPipeline>());
        services.AddSingleton<PushReceiver>();
        services.AddHealthChecks().AddCheck<PushPipeline>("pipeline", tags: [Health.Ready]);
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, PushJson.Default));
    }
}
