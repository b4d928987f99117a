using Microsoft.Extensions.Options;

namespace Portal.Gateway.Stacks;

/// <summary>Reads the folder of stack files. What can't be read is a fault, never an empty folder.</summary>
internal sealed class StackFolder(IOptions<GatewayOptions> options)
{
    /// <summary>One gateway serves a host's stacks; more files than this are a mistake of whoever writes them.</summary>
    private const int MaxFiles = 1000;

    /// <summary>The set after <paramref name="current"/>, from what the folder holds now.</summary>
    public async Task<StackSet> ReadAsync(StackSet current, CancellationToken cancellationToken)
    {
        List<StackFault> faults = [];
        Dictionary<string, Stack?> files = new(StringComparer.Ordinal);
        try
        {
            // Writers put a new file beside the old one and rename it; only the final name ends in .json.
            var paths = Directory.EnumerateFiles(options.Value.RoutesPath, "*.json")
                .Where(path => !Path.GetFileName(path).StartsWith('.'))
                .Order(StringComparer.Ordinal)
                .ToList();
            foreach (var path in paths.Take(MaxFiles)) await ReadFileAsync(path, files, faults, cancellationToken);
            foreach (var path in paths.Skip(MaxFiles))
            {
                faults.Add(new StackFault(Path.GetFileName(path), "$", $"is beyond the {MaxFiles} files that are read"));
                files[Path.GetFileName(path)] = null;
            }
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            // An unmounted folder is no order to take every customer off the air.
            return current with { Faults = [new StackFault(options.Value.RoutesPath, "$", $"can't be read: {unreadable.Message}")] };
        }

        return current.Next(files, faults);
    }

    private static async Task ReadFileAsync(
        string path, Dictionary<string, Stack?> files, List<StackFault> faults, CancellationToken cancellationToken)
    {
        var name = Path.GetFileName(path);
        try
        {
            if (new FileInfo(path).ResolveLinkTarget(returnFinalTarget: true) is FileInfo { Length: > StackFile.MaxBytes }
                || new FileInfo(path).Length > StackFile.MaxBytes)
            {
                faults.Add(new StackFault(name, "$", $"is larger than {StackFile.MaxBytes / 1024} KiB"));
                files[name] = null;
                return;
            }

            files[name] = StackFile.Parse(name, await File.ReadAllBytesAsync(path, cancellationToken), faults);
        }
        catch (FileNotFoundException)
        {
            // Removed between the listing and the reading.
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            faults.Add(new StackFault(name, "$", $"can't be read: {unreadable.Message}"));
            files[name] = null;
        }
    }
}
