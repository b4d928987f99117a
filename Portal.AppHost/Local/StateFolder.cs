namespace Portal.AppHost.Local;

/// <summary>Where a machine's stacks keep their data, logs and notes: <c>.portal/</c> in the clone, or what <c>PORTAL_STATE</c> names.</summary>
internal sealed class StateFolder
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public StateFolder(string root) => Root = Path.GetFullPath(root);

    public string Root { get; }

    /// <summary>What runs right now, for <c>status</c>, <c>down</c> and the next <c>up</c>.</summary>
    public string State => Path.Combine(Root, "state.json");

    /// <summary>Held by the engine that runs.</summary>
    public string Lock => Path.Combine(Root, "lock");

    /// <summary>The private database, or a link to it.</summary>
    public string Postgres => Path.Combine(Root, "postgres");

    /// <summary>The gateway's files, one per stack.</summary>
    public string Routes => Path.Combine(Root, "gateway");

    /// <summary>The password that the first admins were made with.</summary>
    public string AdminPassword => Path.Combine(Root, "admin-password");

    /// <summary>All logs: <c>logs/STACK/SERVICE.log</c>, and those of the engine, the gateway and the database at the top.</summary>
    public string Logs => Path.Combine(Root, "logs");

    public static StateFolder Find(Repository repository) =>
        new(Environment.GetEnvironmentVariable("PORTAL_STATE") is { Length: > 0 } given ? given : Path.Combine(repository.Root, ".portal"));

    /// <summary>The log of a service; of one that serves every stack when <paramref name="stack"/> is null.</summary>
    public string Log(string? stack, string service) => Path.Combine(Logs, stack ?? "", $"{service}.log");

    /// <summary>A stack's own folder, made where it is missing; holds keys, so nobody else may look into it.</summary>
    public string Stack(string code) => Made(Path.Combine(Root, code));

    /// <summary>A volume of a stack.</summary>
    public string Volume(string code, string volume) => Made(Path.Combine(Stack(code), volume));

    /// <summary>The file with a secret of a stack; there once the secret is.</summary>
    public string Secret(string code, string secret) => Path.Combine(Stack(code), secret);

    /// <summary>A path as a person in the clone types it.</summary>
    public static string Readable(string path)
    {
        var relative = Path.GetRelativePath(Environment.CurrentDirectory, path);
        return relative.StartsWith("..", StringComparison.Ordinal) ? path : relative;
    }

    private static string Made(string folder) => Directory.CreateDirectory(folder, OwnerOnly).FullName;
}
