using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Portal.Gateway.Folders;

/// <summary>
/// Says when a folder should be read again: on each change it announces, and every poll interval besides, since network
/// mounts and projected volumes announce nothing.
/// </summary>
internal sealed class FolderWatch(string path, bool withSubfolders, TimeSpan pollInterval, TimeProvider time, ILogger logger)
{
    // A file that is copied, not renamed, arrives in several events.
    private static readonly TimeSpan Debounce = TimeSpan.FromMilliseconds(100);

    // One pending signal is enough: the reading that follows sees everything.
    private readonly Channel<bool> changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>One item per reading that is due, the first one at once: what changed before the watching began. Ends with the token only.</summary>
    public async IAsyncEnumerable<bool> DueAsync([EnumeratorCancellation] CancellationToken stoppingToken)
    {
        using var watcher = TryWatch();
        await using var poll = time.CreateTimer(_ => Signal(), null, pollInterval, pollInterval);
        Signal();

        await foreach (var due in changes.Reader.ReadAllAsync(stoppingToken))
        {
            await Task.Delay(Debounce, time, stoppingToken);
            yield return due;
        }
    }

    private void Signal() => changes.Writer.TryWrite(true);

    private FileSystemWatcher? TryWatch()
    {
        try
        {
            var watcher = new FileSystemWatcher(path) { IncludeSubdirectories = withSubfolders };
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
            logger.LogWarning("Changes of {Folder} are not announced ({Reason}); it is read every {Interval} instead", path, refused.Message, pollInterval);
            return null;
        }
    }
}
