using Aspire.Hosting.Pipelines;
using Microsoft.Extensions.DependencyInjection;
using Portal.AppHost.CommandLine;
using Portal.AppHost.Local;
using Portal.AppHost.Manifests;
using Portal.AppHost.Topology;

namespace Portal.AppHost.Aspire;

/// <summary>What <c>aspire publish</c> writes besides Aspire's own: the directories of <c>./portal publish</c>, one per stack of the model, and the edge's.</summary>
internal static class AspirePublishStep
{
    private const string Name = "portal-stacks";

    /// <summary>Names the domain below which the stacks' hosts are.</summary>
    private const string DomainVariable = "PORTAL_DOMAIN";

    // Pipelines are marked as experimental as a whole in Aspire 13.
#pragma warning disable ASPIREPIPELINES001, ASPIREPIPELINES004
    public static void Add(IDistributedApplicationBuilder builder, UpOptions options) =>
        builder.Pipeline.AddStep(Name, context => WriteAsync(context, options), requiredBy: WellKnownPipelineSteps.Publish);

    private static async Task WriteAsync(PipelineStepContext context, UpOptions options)
    {
        var folder = context.Services.GetRequiredService<IPipelineOutputService>().GetOutputDirectory();
        var repository = Repository.Find();
        var domain = Environment.GetEnvironmentVariable(DomainVariable) is { Length: > 0 } given ? given : "portal.example.com";
        foreach (var stack in Stacks.Fleet(options.Customers, simulate: false))
        {
            var published = new PublishOptions
            {
                Kind = stack.Mode == RunMode.Admin ? StackKind.Admin : StackKind.Customer,
                Target = Target.Compose,
                Output = Path.Combine(folder, stack.Code),
                Name = stack.Code,
                Host = stack.Host(domain),
                AdminEmail = $"admin@{stack.Host(domain)}",
                FleetUrl = stack.Mode == RunMode.Admin ? null : $"https://{Stacks.AdminCode}.{domain}/api/fleet/ingest",
                Version = PublishCommand.OwnVersion,
            };
            await PublishCommand.RunAsync(published, repository, Console.Out, context.CancellationToken);
        }

        await PublishCommand.RunAsync(
            new PublishOptions { Kind = StackKind.Edge, Target = Target.Compose, Output = Path.Combine(folder, "edge"), Name = "edge", Version = PublishCommand.OwnVersion },
            repository, Console.Out, context.CancellationToken);
    }
#pragma warning restore ASPIREPIPELINES001, ASPIREPIPELINES004
}
