namespace MeterSimulator.Portal;

/// <summary>Where the ingest key waits for the next start. Readable by its owner alone.</summary>
internal sealed class KeyFile(string path)
{
    public string Path { get; } = System.IO.Path.GetFullPath(path);

    /// <summary>Null if there is none yet.</summary>
    public async Task<string?> ReadAsync(CancellationToken cancellation)
    {
        if (!File.Exists(Path)) return null;
        var key = (await File.ReadAllTextAsync(Path, cancellation)).Trim();
        if (key.Length == 0 || key.Any(c => c is <= ' ' or > '~'))
        {
            throw new PortalRefusedException($"{Path} holds no ingest key. Delete it to have one made, or put one in.");
        }

        return key;
    }

    /// <summary>Makes sure that a key, which the portal tells only once, can be kept; then asks for it and keeps it.</summary>
    public async Task<string> WriteAsync(Func<Task<string>> make, CancellationToken cancellation)
    {
        var unfinished = Path + ".new";
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
            File.Delete(unfinished); // the mode below only acts on a file that is new
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            await using var file = new StreamWriter(unfinished, options);
            var key = await make();
            await file.WriteLineAsync(key.AsMemory(), cancellation);
            await file.DisposeAsync();
            File.Move(unfinished, Path, overwrite: true);
            return key;
        }
        catch (Exception failure) when (failure is UnauthorizedAccessException or IOException)
        {
            throw new PortalRefusedException($"The ingest key can't be kept in {Path}: {failure.Message} Give --key-file a place that can be written.");
        }
    }
}
