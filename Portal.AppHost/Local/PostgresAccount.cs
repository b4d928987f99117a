using System.Globalization;
using Portal.AppHost.Processes;

namespace Portal.AppHost.Local;

/// <summary>
/// The account that the server runs under. PostgreSQL refuses to run as root, so root lends it another one: the owner
/// of data that is already there, the package's own <c>postgres</c>, else nobody.
/// </summary>
public sealed class PostgresAccount
{
    private const int Nobody = 65534;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private readonly string? _setpriv;
    private readonly int _uid;
    private readonly int _gid;

    private PostgresAccount(string? setpriv, int uid, int gid) => (_setpriv, _uid, _gid) = (setpriv, uid, gid);

    /// <summary>True when the server does not run as ourselves, so that its files have to be handed over to it.</summary>
    public bool IsOther => _setpriv is not null;

    /// <summary>The account for a server whose files are, or will be, in <paramref name="folder"/>.</summary>
    public static async Task<PostgresAccount> FindAsync(string folder, CancellationToken cancel)
    {
        if (!Environment.IsPrivilegedProcess) return new(null, 0, 0);
        var setpriv = Command.Find("setpriv") ?? throw new PostgresUnavailableException(
            "PostgreSQL refuses to run as root, and setpriv, which starts it as another user, is missing. Install the package util-linux, or run as a normal user.");
        var data = Path.Combine(folder, "data");
        if (Directory.Exists(data) && await NumbersAsync(["stat", "-c", "%u %g", data], cancel) is [> 0 and var owner, var group]) return new(setpriv, owner, group);
        var uid = await NumbersAsync(["id", "-u", "postgres"], cancel);
        var gid = await NumbersAsync(["id", "-g", "postgres"], cancel);
        return new(setpriv, uid is [var u] ? u : Nobody, gid is [var g] ? g : Nobody);
    }

    /// <summary>The command line that runs a program under this account; the process keeps the id it was started with.</summary>
    public IReadOnlyList<string> Line(string program, params IReadOnlyList<string> arguments) => _setpriv is null
        ? [program, .. arguments]
        : [_setpriv, $"--reuid={_uid}", $"--regid={_gid}", "--clear-groups", program, .. arguments];

    /// <summary>Hands a file or folder, with all in it, to the account.</summary>
    public async Task TakeAsync(string path, CancellationToken cancel)
    {
        if (!IsOther) return;
        var result = await Command.RunAsync(["chown", "-R", $"{_uid}:{_gid}", path], Limit, cancel);
        if (!result.Succeeded) throw new PostgresUnavailableException($"{path} could not be handed to the user that runs PostgreSQL: {result.Output}");
    }

    /// <summary>Whether the account can work in a folder: one closed folder above it is enough to lock it out.</summary>
    public async Task<bool> CanUseAsync(string folder, CancellationToken cancel) =>
        (await Command.RunAsync(Line("test", "-w", folder, "-a", "-x", folder), Limit, cancel)).Succeeded;

    private static async Task<int[]> NumbersAsync(string[] line, CancellationToken cancel)
    {
        var result = await Command.RunAsync(line, Limit, cancel);
        return result.Succeeded ? [.. result.Output.Split(' ').Select(number => int.Parse(number, CultureInfo.InvariantCulture))] : [];
    }
}
