using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Portal.AppHost.Processes;

namespace Portal.AppHost.Local;

/// <summary>What a cluster keeps in its folder: <c>data</c>, <c>password</c>, <c>port</c>, <c>run</c> for the socket.</summary>
internal sealed class PostgresFiles
{
    private static readonly TimeSpan InitLimit = TimeSpan.FromSeconds(60);
    private readonly string _home;
    private readonly string _binaries;
    private readonly PostgresAccount _account;

    private PostgresFiles(string home, string binaries, PostgresAccount account, string password) =>
        (_home, _binaries, _account, Password) = (home, binaries, account, password);

    public string Data => Path.Combine(_home, "data");

    public string OwnSocketFolder => Path.Combine(_home, "run");

    public string PasswordFile => PasswordPath(_home);

    public string Password { get; }

    /// <summary>The port of the last run, so that a developer's own tools keep working; null when somebody else has it now.</summary>
    public int? LastPort =>
        File.Exists(Path.Combine(_home, "port"))
        && int.TryParse(File.ReadAllText(Path.Combine(_home, "port")), CultureInfo.InvariantCulture, out var port)
        && FreePort.IsFree(port) ? port : null;

    public static async Task<PostgresFiles> PrepareAsync(PostgresClusterOptions options, CancellationToken cancel)
    {
        var account = await PostgresAccount.FindAsync(options.Folder, cancel);
        var home = await PostgresFolder.PrepareAsync(options.Folder, account, cancel);
        var binaries = await BinariesAsync(options, home, cancel);
        await PostgresLeftover.EndAsync(Path.Combine(home, "data"), cancel);
        var files = new PostgresFiles(home, binaries, account, await PasswordAsync(home, account, cancel));
        await files.InitialiseAsync(options.Durable, cancel);
        return files;
    }

    public Task KeepPortAsync(int port, CancellationToken cancel) =>
        File.WriteAllTextAsync(Path.Combine(_home, "port"), port.ToString(CultureInfo.InvariantCulture), cancel);

    /// <summary>The command line of one of the server's programs, under the account that may run it.</summary>
    public IReadOnlyList<string> Line(string program, IReadOnlyList<string> arguments) => _account.Line(Path.Combine(_binaries, program), arguments);

    public Task TakeAsync(string path, CancellationToken cancel) => _account.TakeAsync(path, cancel);

    private static string PasswordPath(string home) => Path.Combine(home, "password");

    private async Task InitialiseAsync(bool durable, CancellationToken cancel)
    {
        if (File.Exists(Path.Combine(Data, "PG_VERSION"))) return;

        // What a broken first start left can't hold anything yet.
        if (Directory.Exists(Data)) Directory.Delete(Data, recursive: true);
        string[] arguments =
        [
            "--pgdata", Data, "--username", PostgresCluster.User, "--pwfile", PasswordFile, "--auth", "scram-sha-256",
            "--encoding", "UTF8", "--locale", "C", .. durable ? (string[])[] : ["--no-sync"],
        ];
        var result = await Command.RunAsync(Line("initdb", arguments), InitLimit, cancel);
        if (!result.Succeeded) throw new PostgresUnavailableException($"initdb could not make the database in {Data}: {result.Output}");
    }

    // Data can be read by the version alone that made it.
    private static async Task<string> BinariesAsync(PostgresClusterOptions options, string home, CancellationToken cancel)
    {
        var note = Path.Combine(home, "data", "PG_VERSION");
        if (File.Exists(note) && int.TryParse(await File.ReadAllTextAsync(note, cancel), CultureInfo.InvariantCulture, out var made))
            return PostgresBinaries.Find(made) ?? throw new PostgresUnavailableException(
                $"The database in {home} was made by PostgreSQL {made}, which is not installed any more. Install that version again, or start afresh with ./portal reset.");
        return options.MayInstall
            ? await PostgresInstallation.FindOrInstallAsync(options.Tell, cancel)
            : PostgresBinaries.Find() ?? throw new PostgresUnavailableException(PostgresBinaries.HowToInstall);
    }

    private static async Task<string> PasswordAsync(string home, PostgresAccount account, CancellationToken cancel)
    {
        var path = PasswordPath(home);
        if (File.Exists(path)) return (await File.ReadAllTextAsync(path, cancel)).Trim();
        var password = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        await PrivateFile.WriteAsync(path, password, cancel);
        await account.TakeAsync(path, cancel);
        return password;
    }
}
