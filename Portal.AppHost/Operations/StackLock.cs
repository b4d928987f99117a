namespace Portal.AppHost.Operations;

/// <summary>One command at a time works on a stack's directory. The system lets go of the lock when its holder ends, however it ends.</summary>
internal sealed class StackLock : IDisposable
{
    public const string FileName = ".portal-lock";

    private readonly FileStream _file;

    private StackLock(FileStream file) => _file = file;

    /// <exception cref="UsageException">Another command works there, or this account may not.</exception>
    public static StackLock Take(string directory)
    {
        var path = Path.Combine(directory, FileName);
        if (new FileInfo(path).LinkTarget is { } elsewhere) throw new UsageException($"{path} is a link to {elsewhere}; nothing was changed. Remove it.");
        try
        {
            return new(new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException) when (File.Exists(path))
        {
            throw new UsageException($"Another ./portal works on {directory}; nothing was changed. Run the same command again when that has ended.");
        }
        catch (UnauthorizedAccessException e)
        {
            throw new UsageException($"{directory} can't be changed by this account; nothing was changed. {e.Message}");
        }
    }

    public void Dispose() => _file.Dispose();
}
