using Portal.AppHost.Local;
using Portal.AppHost.Processes;
using Portal.Domain.Texts;

namespace Portal.AppHost.Manifests;

/// <summary>Writes a publication, says what changes, and leaves alone what is the deployer's.</summary>
internal sealed class PublishedDirectory(PublishOptions options, TextWriter output)
{
    // What our containers run as.
    private const int ContainerUser = 1000;

    private const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Enterable = Readable | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly StackDirectory _directory = new(options.Output);

    /// <exception cref="UsageException">Another stack lies there, or the directory can't be written.</exception>
    public async Task WriteAsync(Publication publication, CancellationToken cancel)
    {
        if (_directory.Owner is { } other && other != options.Name)
            throw new UsageException($"--output {_directory.Root} holds the stack '{other}'. Give '{options.Name}' a directory of its own; nothing was changed.");

        try
        {
            var changed = 0;
            foreach (var file in publication.Files) changed += await WriteAsync(file, cancel) ? 1 : 0;
            await WriteEnvAsync(publication, cancel);
            if (!options.DryRun) await PrepareAsync(publication.Folders, cancel);
            if (options.FleetToken is { } token) await WriteTokenAsync(token, cancel);
            await output.WriteLineAsync(
                changed == 0 ? $"{_directory.Root}: all {publication.Files.Count} files are as they should be."
                : options.DryRun ? $"{_directory.Root}: {changed} of {Counted.Of(publication.Files.Count, "file")} would change. Nothing was written."
                : $"{_directory.Root}: {changed} of {Counted.Of(publication.Files.Count, "file")} written.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(e);
        }
    }

    /// <summary>Makes the directory where it is missing.</summary>
    /// <exception cref="UsageException">This account may not.</exception>
    public void Make()
    {
        try
        {
            MakeFolder(_directory.Root);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(e);
        }
    }

    private UsageException Unwritable(Exception e) =>
        new($"--output {options.Output} can't be written: {e.Message} Name a directory that this account may write; publishing again completes it.");

    private async Task<bool> WriteAsync(PublishedFile file, CancellationToken cancel)
    {
        var path = Path.Combine(_directory.Root, file.Path);
        var before = File.Exists(path) ? await File.ReadAllTextAsync(path, cancel) : null;
        if (before == file.Content) return false;
        foreach (var line in before is null ? [$"+ {file.Path}"] : LineDifference.Of(file.Path, before, file.Content)) await output.WriteLineAsync(line);
        if (options.DryRun) return true;

        MakeFolder(Path.GetDirectoryName(path)!);
        // A gateway that watches the folder must not see half a file.
        await File.WriteAllTextAsync($"{path}.new", file.Content, cancel);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode($"{path}.new", Readable);
        File.Move($"{path}.new", path, overwrite: true);
        return true;
    }

    private async Task WriteEnvAsync(Publication publication, CancellationToken cancel)
    {
        var path = Path.Combine(_directory.Root, publication.EnvName);
        var env = EnvFile.Read(path);
        foreach (var kept in publication.Variables.Where(variable => variable.Value is { Length: > 0 } wanted && env[variable.Name] is { } found && found != wanted))
            await output.WriteLineAsync($"{publication.EnvName} keeps {kept.Name}={env[kept.Name]}; change it there if it should be {kept.Value}.");
        var added = env.Complete(publication.Variables);
        if (added.Count == 0) return;
        // Names alone: values are secrets among others.
        await output.WriteLineAsync($"+ {publication.EnvName}: {string.Join(", ", added)}");
        if (options.DryRun) return;
        MakeFolder(Path.GetDirectoryName(path)!);
        await PrivateFile.WriteAsync(path, env.ToString(), cancel);
    }

    private async Task WriteTokenAsync(string token, CancellationToken cancel)
    {
        if (File.Exists(_directory.FleetToken) && (await File.ReadAllTextAsync(_directory.FleetToken, cancel)).Trim() == token) return;
        await output.WriteLineAsync($"{(File.Exists(_directory.FleetToken) ? "~" : "+")} {StackDirectory.FleetTokenName}");
        if (options.DryRun) return;
        await PrivateFile.WriteAsync(_directory.FleetToken, token, cancel);
        if (options.Target == Target.Compose) await GiveToContainersAsync(_directory.FleetToken, cancel);
    }

    private async Task PrepareAsync(IEnumerable<string> folders, CancellationToken cancel)
    {
        foreach (var name in folders)
        {
            var folder = Path.Combine(_directory.Root, name);
            MakeFolder(folder);
            if (name is not ("secrets" or "certificates")) continue;
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(folder, Private);
            if (options.Target == Target.Compose) await GiveToContainersAsync(folder, cancel);
        }
    }

    private static void MakeFolder(string folder)
    {
        if (Directory.Exists(folder)) return;
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, Enterable);
    }

    // What only its owner may read must be its reader's.
    private async Task GiveToContainersAsync(string path, CancellationToken cancel)
    {
        if (OperatingSystem.IsWindows()) return;
        // Not through a link: the folder's owner, once it is not root any more, could put one to any file of the host there.
        var given = await Command.RunAsync(["chown", "-h", $"{ContainerUser}:{ContainerUser}", path], TimeSpan.FromSeconds(10), cancel);
        if (!given.Succeeded)
            await output.WriteLineAsync($"{path} must be readable by the containers' user, {ContainerUser}: sudo chown -R {ContainerUser}:{ContainerUser} {path}");
    }
}
