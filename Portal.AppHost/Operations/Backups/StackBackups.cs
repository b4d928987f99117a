using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Portal.AppHost.Topology;

namespace Portal.AppHost.Operations.Backups;

/// <summary>A backup that is kept in the stack.</summary>
/// <param name="Taken">When, as its manifest says; <c>-</c> where it has none.</param>
/// <param name="Version">Of the portal, likewise.</param>
internal sealed record KeptBackup(string Name, string Taken, long Bytes, string Version);

/// <summary>The backups in a stack, by the scripts of its service <c>backup</c>, which has the database's password and the volumes.</summary>
internal sealed partial class StackBackups(DeployedStack stack, StackHost host)
{
    /// <summary>The files of a backup, by how their names go on; the dump last, since who sees it takes the backup for whole.</summary>
    public static readonly string[] Parts = [".sha256", ".manifest", ".data.tar.gz", ".grafana.tar.gz", ".dump"];

    /// <summary>Terabytes over a slow disk.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromHours(12);

    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(5);

    /// <summary>Whether it could be a backup's name: what is none never gets to a shell.</summary>
    public static bool IsName(string text) => Name().IsMatch(text);

    public async Task<IReadOnlyList<KeptBackup>> ListAsync(CancellationToken cancel) =>
    [
        .. (await ScriptAsync("backup.sh", Soon, cancel, "list")).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Trim().Split(' ')).Where(words => words.Length == 4 && IsName(words[0]))
            .Select(words => new KeptBackup(words[0], words[1], long.Parse(words[2], CultureInfo.InvariantCulture), words[3])),
    ];

    /// <summary>Makes one, and checks it.</summary>
    /// <param name="spared">One that is kept, however old it is; null: none.</param>
    /// <returns>Its name.</returns>
    public async Task<string> MakeAsync(CancellationToken cancel, string? spared = null)
    {
        var before = (await ListAsync(cancel)).Select(backup => backup.Name).ToHashSet();
        var made = await host.RunAsync(
            new(Timescale.Backup, ["sh", "/backup/backup.sh", "once"])
            {
                Limit = Longest,
                Environment = spared is null ? new Dictionary<string, string>() : new Dictionary<string, string> { ["BACKUP_SPARE"] = spared },
            },
            cancel);
        var name = (await ListAsync(cancel)).Select(backup => backup.Name).FirstOrDefault(backup => !before.Contains(backup));
        if (!made.Succeeded) throw new StepFailedException($"{Said(made)}{(name is null ? "" : $"\nThe backup {name} is in the stack.")}");
        if (name is null) throw new StepFailedException("The job said that it made a backup, and there is no new one.");
        await CheckAsync(name, cancel);
        return name;
    }

    /// <exception cref="StepFailedException">It is not there, or not whole.</exception>
    public Task CheckAsync(string name, CancellationToken cancel) => ScriptAsync("backup.sh", Longest, cancel, "check", name);

    public async Task<BackupManifest> ManifestAsync(string name, CancellationToken cancel)
    {
        using var text = new MemoryStream();
        await CopyOutAsync($"{name}.manifest", text, cancel);
        try
        {
            return BackupManifest.Parse(Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)Math.Min(text.Length, BackupManifest.MostBytes)));
        }
        catch (Exception e) when (e is FormatException or OverflowException or ArgumentException)
        {
            throw new StepFailedException($"The manifest of {name} can't be read: {e.Message}.");
        }
    }

    /// <summary>The files that a backup has.</summary>
    public async Task<IReadOnlyList<string>> FilesAsync(string name, CancellationToken cancel)
    {
        var listed = await RequireAsync(new(Timescale.Backup, ["sh", "-c", "cd \"$BACKUP_FOLDER\" && ls -1 \"$1\".*", "sh", name]), cancel);
        return [.. Parts.Select(part => name + part).Where(listed.Split('\n').Select(line => line.Trim()).Contains)];
    }

    public Task CopyOutAsync(string file, Stream to, CancellationToken cancel) =>
        RequireAsync(new(Timescale.Backup, ["sh", "-c", "cat \"$BACKUP_FOLDER/$1\"", "sh", file]) { Output = to, Limit = Longest }, cancel);

    /// <summary>Takes a file of a backup in; <see cref="ReceivedAsync"/> is the last word.</summary>
    public Task ReceiveAsync(string file, Stream from, CancellationToken cancel) =>
        RequireAsync(new(Timescale.Backup, ["sh", "/backup/restore.sh", "receive", file]) { Input = from, Limit = Longest }, cancel);

    public Task ReceivedAsync(string name, CancellationToken cancel) => RestoreAsync("received", name, cancel);

    /// <summary>A step of <c>restore.sh</c>.</summary>
    /// <returns>What there is to tell.</returns>
    public Task<string> RestoreAsync(string step, string name, CancellationToken cancel) => ScriptAsync("restore.sh", Longest, cancel, step, name);

    private async Task<string> ScriptAsync(string script, TimeSpan limit, CancellationToken cancel, params string[] arguments) =>
        await RequireAsync(new(Timescale.Backup, ["sh", $"/backup/{script}", .. arguments]) { Limit = limit }, cancel);

    private async Task<string> RequireAsync(ServiceCommand command, CancellationToken cancel)
    {
        var answer = await host.RunAsync(command, cancel);
        return answer.Succeeded ? answer.Output.Trim() : throw new StepFailedException(Said(answer));
    }

    private string Said(ToolAnswer answer) => string.Join('\n', stack.Redacted(answer.Said).Split('\n').TakeLast(15));

    [GeneratedRegex("^[a-z0-9]{3,12}-[0-9]{8}T[0-9]{6}Z\\z")]
    private static partial Regex Name();
}
