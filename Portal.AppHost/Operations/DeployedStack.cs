using System.Globalization;
using System.Text.Json;
using Portal.AppHost.Manifests;
using Portal.AppHost.Topology;
using static System.IO.UnixFileMode;

namespace Portal.AppHost.Operations;

/// <summary>A stack that <c>./portal publish</c> wrote into a directory, as the commands that operate it know it.</summary>
internal sealed class DeployedStack
{
    private DeployedStack(StackDirectory directory, PublishOptions published) => (Directory, Published) = (directory, published);

    public StackDirectory Directory { get; }

    /// <summary>
    /// With which options its manifests are made anew: those it was published with, and on Compose what the deployer made of them in <c>.env</c> since.
    /// </summary>
    public PublishOptions Published { get; }

    public StackKind Kind => Published.Kind;

    public Target Target => Published.Target;

    /// <summary>Compose project or namespace: the customer's code in lower case, <c>admin</c> or <c>edge</c>.</summary>
    public string Project => Published.Name;

    /// <summary>What a person calls it, and types where it is to be removed: the customer's code, <c>ADMIN</c> or <c>EDGE</c>.</summary>
    public string Code => Project.ToUpperInvariant();

    /// <summary>The host name under which people reach it; empty for the edge.</summary>
    public string Host => Published.Host;

    /// <summary>The address of its pages, without a slash at its end; null for the edge.</summary>
    public Uri? PublicUrl => Host.Length == 0 ? null : new($"{Variable("PUBLIC_SCHEME") ?? "https"}://{Host}{Variable("PUBLIC_PORT")}");

    /// <summary>The file of variables: <c>.env</c>, or on Kubernetes the secrets alone.</summary>
    public string VariablesPath => Path.Combine(Directory.Root, Target == Target.Compose ? StackDirectory.EnvName : StackDirectory.SecretsEnvName);

    /// <summary>The variables, read anew each time.</summary>
    public EnvFile Variables => EnvFile.Read(VariablesPath);

    /// <summary>Its services by their names in the topology: <c>api</c>, <c>timescaledb</c>, …</summary>
    public IReadOnlyList<Service> Services => Kind == StackKind.Edge ? [PublishedStack.Edge] : PublishedStack.Of(Published).Services;

    /// <summary>Whether it has a database server of its own.</summary>
    public bool HasDatabase => Kind != StackKind.Edge && Published.DatabaseHost is null;

    /// <summary>A stack that is about to be published.</summary>
    public static DeployedStack Of(PublishOptions options) => new(new(options.Output), options);

    /// <summary>Opens the stack of a directory.</summary>
    /// <exception cref="UsageException">None lies there, or somebody else could have put what lies there; nothing was changed.</exception>
    public static DeployedStack Open(string directory)
    {
        var found = new StackDirectory(directory);
        if (!System.IO.Directory.Exists(found.Root)) throw new UsageException($"--directory {found.Root} does not exist; nothing was changed. Give the directory that ./portal publish or ./portal provision wrote the stack to.");
        var record = Path.Combine(found.Root, PublicationRecord.Name);
        if (!File.Exists(record))
            throw new UsageException($"--directory {found.Root} holds no stack: {PublicationRecord.Name}, which ./portal publish writes, was not found there. Nothing was changed. Give a stack's directory, or publish it there again.");
        RefuseOthers(found);
        var published = Read(record) with { Output = found.Root };
        if (!(published.Target == Target.Compose ? found.IsCompose : found.IsKubernetes))
            throw new UsageException($"--directory {found.Root} is incomplete: {(published.Target == Target.Compose ? $"{StackDirectory.ComposeName} and {StackDirectory.EnvName} were" : $"{StackDirectory.KustomizationName} was")} looked for. Nothing was changed. Publish the stack there again.");
        if (found.Owner != published.Name)
            throw new UsageException($"--directory {found.Root} is of two stacks: {PublicationRecord.Name} says {published.Name}, the manifests and variables say {found.Owner}. Nothing was changed. Publish the right one there again.");
        return new(found, published.Target == Target.Compose ? Current(published, found.Env) : published);
    }

    /// <summary>A text of a tool's, with what is secret in this stack taken out.</summary>
    public string Redacted(string text) => Secrets().Aggregate(text, (said, secret) => said.Replace(secret, "(secret)", StringComparison.Ordinal));

    private IEnumerable<string> Secrets()
    {
        var named = Variables.Values.Where(variable => variable.Name.EndsWith("password", StringComparison.OrdinalIgnoreCase) || variable.Name.EndsWith("token", StringComparison.OrdinalIgnoreCase) || variable.Name == PublishedProvider.SecretVariable)
            .Select(variable => variable.Value);
        return named.Append(FleetToken ?? "").Where(value => value.Length >= 8);
    }

    /// <summary>The token of its push; null where it has none yet.</summary>
    public string? FleetToken => Variable("FleetIngest__Token") is { Length: > 0 } given ? given
        : File.Exists(Directory.FleetToken) && File.ReadAllText(Directory.FleetToken).Trim() is { Length: > 0 } kept ? kept : null;

    private string? Variable(string name) => Target == Target.Compose ? Variables[name] : null;

    private static PublishOptions Read(string record)
    {
        try
        {
            return PublicationRecord.Read(File.ReadAllText(record));
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{record} can't be read: {e.Message} Nothing was changed. It may be a newer version's: use that one's ./portal, or publish the stack there again.");
        }
    }

    // Whoever operates a stack is often root, and not everybody who may write below /srv is.
    private static void RefuseOthers(StackDirectory directory)
    {
        string[] own = [PublicationRecord.Name, StackDirectory.EnvName, StackDirectory.ComposeName, StackDirectory.KustomizationName, "secrets", StackDirectory.SecretsEnvName, StackDirectory.FleetTokenName];
        foreach (var path in own.Select(name => Path.Combine(directory.Root, name)))
            if (new FileInfo(path).LinkTarget is { } elsewhere) throw new UsageException($"{path} is a link to {elsewhere}; nothing was changed. A stack's files must lie in its own directory: put the file itself there.");
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(directory.Root) & (OtherWrite | StickyBit)) == OtherWrite)
            throw new UsageException($"{directory.Root} may be written by everybody on this host; nothing was changed. Take that away first: chmod o-w {directory.Root}");
    }

    // Compose reads .env, whatever the stack was published with.
    private static PublishOptions Current(PublishOptions published, EnvFile env) => published with
    {
        Host = env["CUSTOMER_HOST"] ?? published.Host,
        Version = env["PORTAL_VERSION"] ?? published.Version,
        Registry = env["PORTAL_REGISTRY"] ?? published.Registry,
        EdgeSubnet = env["PORTAL_EDGE_SUBNET"] ?? published.EdgeSubnet,
        AdminEmail = env["Authentication__DefaultAdminEmail"] ?? published.AdminEmail,
        FleetUrl = published.Kind != StackKind.Customer || env["FleetIngest__Enabled"] == "false" ? null : env["FleetIngest__Url"] is { Length: > 0 } url ? url : published.FleetUrl,
        DatabaseHost = published.DatabaseHost is null ? null : env["POSTGRES_HOST"] ?? published.DatabaseHost,
        DatabasePort = Number(env["POSTGRES_PORT"], published.DatabasePort),
        BackupTarget = published.BackupTarget is null ? null : env["BACKUP_TARGET"] ?? published.BackupTarget,
        BackupKeepDays = Number(env["BACKUP_KEEP_DAYS"], published.BackupKeepDays),
        AdminsNeedTwoFactor = bool.TryParse(env[PublishOptions.AdminsNeedTwoFactorVariable], out var needed) ? needed : published.AdminsNeedTwoFactor,
        Provider = published.Provider?.AsIn(env),
    };

    private static int Number(string? text, int usual) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : usual;
}
