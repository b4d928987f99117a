using System.Security.Cryptography;
using System.Text;

namespace Portal.AppHost.Local;

/// <summary>
/// Where a cluster keeps its files. As ourselves that is simply the folder asked for. Under another account it may be
/// out of reach, below a home folder with mode 0700 for one; then the files lie in <see cref="Elsewhere"/> and a link
/// stands in the place asked for.
/// </summary>
public static class PostgresFolder
{
    private const string Elsewhere = "/var/lib/tau-acuvim-portal";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode Passable = OwnerOnly | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>Makes the folder, where it is missing, and returns its real path.</summary>
    public static async Task<string> PrepareAsync(string wanted, PostgresAccount account, CancellationToken cancel)
    {
        wanted = Path.GetFullPath(wanted);
        Directory.CreateDirectory(Path.GetDirectoryName(wanted)!);
        if (new DirectoryInfo(wanted).LinkTarget is { } linked)
        {
            if (!IsOurs(linked, wanted)) return await MoveElsewhereAsync(wanted, account, cancel);
            await NoteUserAsync(linked, wanted, cancel);
            return linked;
        }

        await MakeAsync(wanted, account, cancel);
        if (!account.IsOther || await account.CanUseAsync(wanted, cancel)) return wanted;
        if (Directory.EnumerateFileSystemEntries(wanted).Any())
            throw new PostgresUnavailableException($"The database in {wanted} is out of reach of the user that runs PostgreSQL. Let that user enter the folders above it again (chmod a+x), or start afresh with ./portal reset.");
        return await MoveElsewhereAsync(wanted, account, cancel);
    }

    /// <summary>Deletes a cluster's files, also those behind the link, and the link.</summary>
    public static void Delete(string wanted)
    {
        wanted = Path.GetFullPath(wanted);
        if (new DirectoryInfo(wanted).LinkTarget is not { } linked)
        {
            if (Directory.Exists(wanted)) Directory.Delete(wanted, recursive: true);
            return;
        }

        if (IsOurs(linked, wanted) && Directory.Exists(linked)) Directory.Delete(linked, recursive: true);
        File.Delete(wanted);
    }

    private static async Task<string> MoveElsewhereAsync(string wanted, PostgresAccount account, CancellationToken cancel)
    {
        var target = Path.Combine(Elsewhere, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(wanted)))[..16]);
        if (!Directory.Exists(Elsewhere))
        {
            Directory.CreateDirectory(Elsewhere);
            File.SetUnixFileMode(Elsewhere, Passable);
        }

        if (new DirectoryInfo(wanted).LinkTarget is not null) File.Delete(wanted);
        else Directory.Delete(wanted, recursive: false);
        await MakeAsync(target, account, cancel);
        if (!await account.CanUseAsync(target, cancel))
            throw new PostgresUnavailableException($"The user that runs PostgreSQL can't work in {target}. Let every user enter {Elsewhere} (chmod a+x), or run as a normal user.");
        await NoteUserAsync(target, wanted, cancel);
        Directory.CreateSymbolicLink(wanted, target);
        return target;
    }

    private static Task NoteUserAsync(string target, string wanted, CancellationToken cancel) =>
        File.WriteAllTextAsync(Path.Combine(target, "used-by"), wanted, cancel);

    // A clone that was copied with its link must not share the original's data: the folder remembers whose it is.
    // A clone that was moved keeps its data.
    private static bool IsOurs(string target, string wanted)
    {
        var note = Path.Combine(target, "used-by");
        return File.Exists(note) && (File.ReadAllText(note) is var user) && (user == wanted || !Path.Exists(user));
    }

    private static async Task MakeAsync(string folder, PostgresAccount account, CancellationToken cancel)
    {
        if (Directory.Exists(folder)) return;
        Directory.CreateDirectory(folder, OwnerOnly);
        await account.TakeAsync(folder, cancel);
    }
}
