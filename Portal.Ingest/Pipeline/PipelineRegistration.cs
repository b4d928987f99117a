using Portal.Data;
using Portal.ServiceDefaults;

namespace Portal.Ingest.Pipeline;

internal static class PipelineRegistration
{
    /// <summary>The write pipeline and the writer below it; the service is ready while it runs.</summary>
    public static void AddPipeline(this IHostApplicationBuilder builder)
    {
        builder.Services.AddMeasurementWriter();
        builder.Services.AddSingleton<PostQueue>().AddSingleton<PipelineInstruments>();
        builder.Services.AddSingleton<IngestPipeline>().AddHostedService(provider => provider.GetRequiredService<IngestPipeline>());
        builder.Services.AddHealthChecks().AddCheck<IngestPipeline>("pipeline", tags: [Health.Ready]);
    }
}
