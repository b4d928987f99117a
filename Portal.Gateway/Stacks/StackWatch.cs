using System.Threading.Channels;
using Microsoft.Extensions.Options;
using Portal.Gateway.Routing;

namespace Portal.Gateway.Stacks;

/// <summary>
/// Keeps the routes like the folder: on each change it announces, and every poll interval besides. The first reading is
/// done before the gateway listens. On shutdown the loop ends between two readings; there is nothing to write back.
/// </summary>
internal sealed class StackWatch(
    StackFolder folder, ProxyRoutes routes, IOptions<GatewayOptions> options, TimeProvider time, ILogger<StackWatch> logger) : BackgroundService
{
    // A file that is copied, not renamed, arrives in several events.
    private static readonly TimeSpan Debounce = TimeSpan.FromMilliseconds(100);

    // One pending signal is enough: the reading that follows sees everything.
    private readonly Channel<bool> changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await ReadAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var watcher = TryWatch();
        await using var poll = time.CreateTimer(_ => Signal(), null, options.Value.PollInterval, options.Value.PollInterval);
        // What changed between the first reading and the watcher's start.
        Signal();

        await foreach (var _ in changes.Reader.ReadAllAsync(stoppingToken))
        {
            await Task.Delay(Debounce, time, stoppingToken);
            await ReadAsync(stoppingToken);
        }
    }

    private void Signal() => changes.Writer.TryWrite(true);

    private FileSystemWatcher? TryWatch()
    {
        try
        {
            var watcher = new FileSystemWatcher(options.Value.RoutesPath);
            watcher.Created += (_, _) => Signal();
            watcher.Changed += (_, _) => Signal();
            watcher.Renamed += (_, _) => Signal();
            watcher.Deleted += (_, _) => Signal();
            watcher.Error += (_, _) => Signal();
            watcher.EnableRaisingEvents = true;
            return watcher;
        }
        catch (Exception refused) when (refused is IOException or ArgumentException or PlatformNotSupportedException)
        {
            // On Linux usually fs.inotify.max_user_instances.
            logger.LogWarning("Changes of {Folder} are not announced ({Reason}); it is read every {Interval} instead",
                options.Value.RoutesPath, refused.Message, options.Value.PollInterval);
            return null;
        }
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
