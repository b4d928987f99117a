using Microsoft.Extensions.Options;
using Portal.Gateway.Folders;
using Portal.Gateway.Routing;

namespace Portal.Gateway.Stacks;

/// <summary>
/// Keeps the routes like the folder: on each change it announces, and every poll interval besides. The first reading is
/// done before the gateway listens. On shutdown the loop ends between two readings; there is nothing to write back.
/// </summary>
internal sealed class StackWatch(
    StackFolder folder, ProxyRoutes routes, IOptions<GatewayOptions> options, TimeProvider time, ILogger<StackWatch> logger) : BackgroundService
{
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await ReadAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var watch = new FolderWatch(options.Value.RoutesPath, withSubfolders: false, options.Value.PollInterval, time, logger);
        await foreach (var _ in watch.DueAsync(stoppingToken)) await ReadAsync(stoppingToken);
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        var before = routes.Current;
        var after = await folder.ReadAsync(before, cancellationToken);

        foreach (var fault in after.Faults.Except(before.Faults))
        {
            logger.LogError("Refused {File}, field {Field}: it {Reason}. {Consequence}", fault.File, fault.Field, fault.Reason,
                after.Stacks.ContainsKey(fault.File) ? "The last good routes of this stack stay" : "This stack is not routed until the file is mended");
        }

        foreach (var (file, stack) in after.Stacks)
        {
            if (before.Stacks.GetValueOrDefault(file)?.Fingerprint != stack.Fingerprint)
                logger.LogInformation("Routing {Host} by {File}: {Services}", stack.Host, file, string.Join(", ", stack.Services.Keys));
        }

        foreach (var (file, stack) in before.Stacks)
            if (!after.Stacks.ContainsKey(file)) logger.LogInformation("No longer routing {Host}: {File} is gone", stack.Host, file);

        routes.Publish(after);
    }
}
