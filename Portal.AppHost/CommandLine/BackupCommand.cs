using System.CommandLine;
using System.Globalization;
using Portal.AppHost.Manifests;
using Portal.AppHost.Operations;
using Portal.AppHost.Operations.Backups;
using Portal.Domain.Texts;

namespace Portal.AppHost.CommandLine;

/// <summary><c>./portal backup</c>: makes a backup now, checks it, and copies it to a folder of this host; or lists those that there are.</summary>
internal sealed class BackupCommand : StackCommand
{
    private readonly Option<string?> _to = new("--to") { Description = "Copy the backup to this folder of this host as well; its files are for this account alone.", HelpName = "folder" };
    private readonly Option<bool> _list = new("--list") { Description = "Only list the backups that the stack keeps, newest first." };

    public BackupCommand(TimeProvider clock)
        : base("backup", "Back up a stack now: database, keys, logos and Grafana's data, checked; or list its backups.", clock)
    {
        Options.Add(_to);
        Options.Add(_list);
    }

    protected override bool WorksAlone => false;

    protected override async Task<int> RunAsync(ParseResult parsed, DeployedStack stack, StackHost host, CancellationToken cancel)
    {
        if (stack.Kind == StackKind.Edge) throw new UsageException($"{stack.Directory.Root} holds the edge, which keeps no data. Nothing was changed. Its certificates and gateway/stacks are files of that folder: copy those.");
        var backups = new StackBackups(stack, host);
        if (!parsed.GetValue(_list)) return await PlanOf(stack, host, backups, parsed.GetValue(_to)).RunAsync(Consent(parsed), Console.Out, cancel);
        await using var open = await host.OpenBackupAsync(cancel);
        await ListAsync(backups, Console.Out, cancel);
        return 0;
    }

    /// <summary>What a backup takes.</summary>
    /// <param name="to">The folder of this host that gets a copy; null: none does.</param>
    public static Plan PlanOf(DeployedStack stack, StackHost host, StackBackups backups, string? to)
    {
        var plan = new Plan($"Back up {stack.Code}:");
        var name = "";
        var known = "The stack runs on, and its earlier backups are as they were.";
        plan.Add("Dump the database, archive keys, logos and Grafana's data, and check what was written", "backup: sh /backup/backup.sh once", known, async token =>
        {
            await using var open = await host.OpenBackupAsync(token);
            name = await backups.MakeAsync(token);
            var manifest = await backups.ManifestAsync(name, token);
            return $"{name}: {Counted.Of(manifest.Measurements, "measurement")}.";
        });
        if (to is null) return plan;
        var folder = Path.GetFullPath(to);
        plan.Add($"Copy it to {folder}", "backup: cat FILE, and compare the checksums", $"The backup is in the stack. {known}", async token =>
        {
            await using var open = await host.OpenBackupAsync(token);
            var copy = await BackupFolder.CopyAsync(backups, name, folder, token);
            return $"{Counted.Of(copy.Files.Count, "file")}, {Path.Combine(folder, name)}.dump among them: who has them has all of the stack's data.";
        });
        return plan;
    }

    private static async Task ListAsync(StackBackups backups, TextWriter output, CancellationToken cancel)
    {
        var kept = await backups.ListAsync(cancel);
        if (kept.Count == 0) await output.WriteLineAsync("There is no backup yet. Make one: ./portal backup");
        foreach (var backup in kept) await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{backup.Name}  {backup.Taken}  {backup.Bytes / 1048576.0,10:N1} MiB  version {backup.Version}"));
    }
}
