using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace Portal.AppHost.Operations.Backups;

/// <summary>A backup in a folder of this host: the files of one name.</summary>
internal sealed partial class BackupFolder
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private BackupFolder(string folder, string name) => (Folder, Name) = (folder, name);

    public string Folder { get; }

    public string Name { get; }

    /// <summary>Its files, the dump last.</summary>
    public IReadOnlyList<string> Files => [.. StackBackups.Parts.Select(part => Path.Combine(Folder, Name + part)).Where(File.Exists)];

    /// <summary>The backup that a file belongs to.</summary>
    /// <exception cref="UsageException">It is no file of a backup, or others of it are missing.</exception>
    public static BackupFolder Open(string file)
    {
        var path = Path.GetFullPath(file);
        var part = StackBackups.Parts.FirstOrDefault(part => path.EndsWith(part, StringComparison.Ordinal));
        var name = part is null ? "" : Path.GetFileName(path)[..^part.Length];
        if (!File.Exists(path) || !StackBackups.IsName(name))
            throw new UsageException($"--from {file} is neither a backup's name (./portal backup --list shows them) nor a file of one, such as abc0001-20261125T013000Z.dump. Nothing was changed.");
        var found = new BackupFolder(Path.GetDirectoryName(path)!, name);
        foreach (var needed in (string[])[".sha256", ".manifest", ".dump"])
            if (!File.Exists(Path.Combine(found.Folder, name + needed))) throw new UsageException($"{Path.Combine(found.Folder, name + needed)} is missing, and without it the backup is not whole. Nothing was changed. Copy all files of {name} to one folder.");
        return found;
    }

    /// <exception cref="UsageException">It can't be read.</exception>
    public BackupManifest Manifest()
    {
        try
        {
            return BackupManifest.Parse(File.ReadAllText(Path.Combine(Folder, $"{Name}.manifest")));
        }
        catch (Exception e) when (e is FormatException or OverflowException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{Path.Combine(Folder, $"{Name}.manifest")} can't be read: {e.Message}. Nothing was changed.");
        }
    }

    /// <summary>Copies a backup out of its stack, file by file, and compares what arrived with its checksums.</summary>
    /// <exception cref="StepFailedException">A file did not arrive as it was; what is incomplete is gone again.</exception>
    public static async Task<BackupFolder> CopyAsync(StackBackups backups, string name, string folder, CancellationToken cancel)
    {
        // What others may read on the way they could keep.
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, Private | UnixFileMode.UserExecute);
        Dictionary<string, string> sums = [];
        foreach (var file in await backups.FilesAsync(name, cancel))
        {
            var (path, partial) = (Path.Combine(folder, file), Path.Combine(folder, $"{file}.partial"));
            File.Delete(partial);
            try
            {
                var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
                if (!OperatingSystem.IsWindows()) options.UnixCreateMode = Private;
                await using (var to = new FileStream(partial, options)) await backups.CopyOutAsync(file, to, cancel);
                if (file.EndsWith(".sha256", StringComparison.Ordinal)) sums = Sums(await File.ReadAllLinesAsync(partial, cancel));
                else if (!sums.TryGetValue(file, out var sum) || sum != await SumAsync(partial, cancel)) throw new StepFailedException($"{file} did not arrive as it is in the stack: its checksum differs.");
                File.Move(partial, path, overwrite: true);
            }
            catch
            {
                File.Delete(partial);
                throw;
            }
        }

        return new(folder, name);
    }

    private static async Task<string> SumAsync(string file, CancellationToken cancel)
    {
        await using var stream = File.OpenRead(file);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancel));
    }

    private static Dictionary<string, string> Sums(IEnumerable<string> lines) =>
        lines.Select(line => Sum().Match(line)).Where(match => match.Success).ToDictionary(match => match.Groups["file"].Value, match => match.Groups["sum"].Value);

    [GeneratedRegex("^(?<sum>[0-9a-f]{64}) [ *](?<file>[A-Za-z0-9.-]+)$")]
    private static partial Regex Sum();
}
