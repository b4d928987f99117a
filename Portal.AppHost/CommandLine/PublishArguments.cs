using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Net.Mail;
using System.Text.RegularExpressions;
using Portal.AppHost.Manifests;
using Portal.AppHost.Topology;

namespace Portal.AppHost.CommandLine;

/// <summary>The options that say what a stack is like, for every command that publishes one.</summary>
internal sealed partial class PublishArguments
{
    private readonly Option<string?> _code = Text("--code", "The customer's code, 3 to 12 letters and digits, such as ABC0001.", "code");
    private readonly Option<string?> _host = Text("--host", "The host name under which people reach the stack, such as abc0001.portal.example.com.", "name");
    private readonly Option<string> _target = new("--target") { Description = "compose or kubernetes.", HelpName = "compose|kubernetes", DefaultValueFactory = _ => "compose" };
    private readonly Option<string> _output = new("--output") { Description = "The stack's directory; what it holds of the deployer's stays.", HelpName = "directory", Required = true };
    private readonly Option<string?> _adminEmail = Text("--admin-email", "The first admin (default: admin@ and the host).", "address");
    private readonly Option<string?> _fleetUrl = Text("--fleet-url", "The operators' stack, to which a customer's pushes (default: it doesn't).", "url");
    private readonly Option<bool> _adminsNeedTwoFactor = new("--admins-need-two-factor") { Description = "Admins who sign in with a password must set up two-factor before anything else." };
    private readonly Option<bool> _noGrafana = new("--no-grafana") { Description = "A stack without Grafana." };
    private readonly Option<string?> _databaseHost = Text("--database-host", "Use this database server in place of one of the stack's own.", "host[:port]");
    private readonly Option<string?> _backupTarget = Text("--backup-target", "Where each backup is copied to: a folder of another machine, mounted here; on Kubernetes a volume claim.", "folder");
    private readonly Option<int> _backupKeepDays = new("--backup-keep-days") { Description = "Days that backups are kept, 1 to 3650.", HelpName = "days", DefaultValueFactory = _ => 14 };
    private readonly Option<string?> _edgeSubnet = Text("--edge-subnet", "The subnet of the network portal-edge; on Kubernetes the pods' network.", "network");
    private readonly Option<string?> _registry = Text("--registry", "Where our images are pulled from (default: images of this host).", "registry");
    private readonly Option<string?> _imageVersion = Text("--image-version", "The version of our images (default: this one).", "version");
    private readonly Option<string?> _existingSecret = Text("--existing-secret", "Kubernetes: a Secret that somebody else makes, in place of a file of secrets.", "name");
    private readonly Option<string?> _ingressClass = Text("--ingress-class", "Kubernetes: the Ingress's class.", "name");
    private readonly Option<string?> _ingressNamespace = Text("--ingress-namespace", "Kubernetes: the Ingress controller's namespace (default: ingress-nginx).", "name");

    private readonly ProviderArguments _provider = new();

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_code, _host, _target, _output, _adminEmail, _adminsNeedTwoFactor, _fleetUrl, _noGrafana, _databaseHost, _backupTarget,
            _backupKeepDays, _edgeSubnet, _registry, _imageVersion, _existingSecret, _ingressClass, _ingressNamespace]) command.Options.Add(option);
        _provider.AddTo(command);
    }

    /// <summary>What the arguments say, checked.</summary>
    /// <param name="stack">What is said of <c>--stack</c>.</param>
    /// <exception cref="UsageException">Something is wrong; names the option.</exception>
    public PublishOptions Read(ParseResult parsed, string stack)
    {
        var kind = Of<StackKind>(stack, "--stack", "customer, admin or edge");
        var target = Of<Target>(parsed.GetValue(_target)!, "--target", "compose or kubernetes");
        var code = parsed.GetValue(_code);
        if (kind == StackKind.Customer && (code is null || !Code().IsMatch(code)))
            throw new UsageException($"--code is {Said(code)}; give the customer's code, 3 to 12 letters and digits, such as ABC0001.");
        if (kind != StackKind.Customer && code is not null) throw new UsageException($"--code is for --stack customer; leave it out for {stack}.");
        if (code?.ToLowerInvariant() is Stacks.AdminCode or "edge") throw new UsageException($"--code is '{code}', the name of another stack of every host; give the customer another code.");
        if (kind == StackKind.Edge && target == Target.Kubernetes) throw new UsageException("--stack edge is for --target compose: on Kubernetes the cluster's Ingress stands before the stacks.");

        var host = parsed.GetValue(_host);
        if (kind != StackKind.Edge && (host is null || !Host().IsMatch(host)))
            throw new UsageException($"--host is {Said(host)}; give the name under which people reach the stack, in lower case, such as abc0001.portal.example.com.");
        if (string.IsNullOrWhiteSpace(parsed.GetValue(_output))) throw new UsageException("--output is empty; give the stack's directory, such as /srv/portal/abc0001.");

        var (databaseHost, databasePort) = Database(parsed.GetValue(_databaseHost));
        var options = new PublishOptions
        {
            Kind = kind,
            Target = target,
            Output = parsed.GetValue(_output)!,
            Name = kind switch { StackKind.Customer => code!.ToLowerInvariant(), StackKind.Admin => Stacks.AdminCode, _ => "edge" },
            Host = host ?? "",
            AdminEmail = Email(parsed.GetValue(_adminEmail) ?? $"admin@{host ?? "localhost"}"),
            FleetUrl = FleetUrl(parsed.GetValue(_fleetUrl), kind),
            FleetToken = FleetToken(Environment.GetEnvironmentVariable(PublishCommand.FleetTokenVariable), kind),
            AdminsNeedTwoFactor = NeedsTwoFactor(parsed.GetValue(_adminsNeedTwoFactor), kind),
            Grafana = !parsed.GetValue(_noGrafana),
            DatabaseHost = databaseHost,
            DatabasePort = databasePort,
            BackupTarget = parsed.GetValue(_backupTarget),
            BackupKeepDays = parsed.GetValue(_backupKeepDays),
            Registry = parsed.GetValue(_registry) is { Length: > 0 } registry ? registry.TrimEnd('/') + "/" : "",
            Version = parsed.GetValue(_imageVersion) ?? PublishCommand.OwnVersion,
            ExistingSecret = parsed.GetValue(_existingSecret),
            IngressClass = parsed.GetValue(_ingressClass),
            Provider = _provider.Read(parsed, kind),
            ProviderSecret = Environment.GetEnvironmentVariable(PublishCommand.ProviderSecretVariable)?.Trim(),
        };
        if (options.BackupKeepDays is < 1 or > 3650) throw new UsageException($"--backup-keep-days is {options.BackupKeepDays}; give 1 to 3650.");
        if (target == Target.Compose && options.BackupTarget is { } folder && !Path.IsPathRooted(folder))
            throw new UsageException($"--backup-target is '{folder}'; give a folder of this host from its root, such as /mnt/backups/abc0001.");
        return options with
        {
            EdgeSubnet = Subnet(parsed.GetValue(_edgeSubnet) ?? (target == Target.Compose ? options.EdgeSubnet : "10.0.0.0/8")),
            IngressNamespace = parsed.GetValue(_ingressNamespace) ?? options.IngressNamespace,
        };
    }

    private static T Of<T>(string given, string option, string allowed) where T : struct, Enum =>
        given.All(char.IsLetter) && Enum.TryParse<T>(given, ignoreCase: true, out var value) ? value : throw new UsageException($"{option} is '{given}'; give {allowed}.");

    private static string Email(string given) =>
        MailAddress.TryCreate(given, out var address) && address.Address == given ? given : throw new UsageException($"--admin-email is '{given}'; give an address such as ops@example.com.");

    private static bool NeedsTwoFactor(bool given, StackKind kind) =>
        given && kind == StackKind.Edge ? throw new UsageException("--admins-need-two-factor is for stacks; at the edge nobody signs in.") : given;

    private static string? FleetUrl(string? given, StackKind kind)
    {
        if (given is null) return null;
        if (kind != StackKind.Customer) throw new UsageException("--fleet-url is for --stack customer: the operators' stack pushes to nobody.");
        return Uri.TryCreate(given, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url is { Query: "", Fragment: "", UserInfo: "" }
            ? url.AbsolutePath == "/" ? new Uri(url, "/api/fleet/ingest").ToString() : given
            : throw new UsageException($"--fleet-url is '{given}'; give the operators' stack's address, such as https://admin.portal.example.com.");
    }

    private static string? FleetToken(string? given, StackKind kind)
    {
        if (string.IsNullOrWhiteSpace(given) || kind != StackKind.Customer) return null;
        return given.Trim() is var token && token.StartsWith("pft_", StringComparison.Ordinal) && !token.Any(char.IsWhiteSpace)
            ? token
            : throw new UsageException($"{PublishCommand.FleetTokenVariable} is no fleet token: it begins with pft_ and is shown once, where the customer is registered or its token rotated.");
    }

    private static (string? Host, int Port) Database(string? given)
    {
        if (given is null) return (null, Timescale.Port);
        var match = HostAndPort().Match(given);
        return match.Success && (!match.Groups["port"].Success || int.Parse(match.Groups["port"].Value, CultureInfo.InvariantCulture) is > 0 and < 65536)
            ? (match.Groups["host"].Value, match.Groups["port"].Success ? int.Parse(match.Groups["port"].Value, CultureInfo.InvariantCulture) : Timescale.Port)
            : throw new UsageException($"--database-host is '{given}'; give a host and, where it isn't {Timescale.Port}, a port: db.internal:6432.");
    }

    private static string Subnet(string given) =>
        IPNetwork.TryParse(given, out var network) && network.PrefixLength > 0 ? given : throw new UsageException($"--edge-subnet is '{given}'; give a network such as 172.30.0.0/24.");

    private static string Said(string? given) => given is null ? "missing" : $"'{given}'";

    private static Option<string?> Text(string name, string description, string help) => new(name) { Description = description, HelpName = help };

    [GeneratedRegex("^[A-Za-z0-9]{3,12}$")]
    private static partial Regex Code();

    [GeneratedRegex(@"^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$")]
    private static partial Regex Host();

    [GeneratedRegex(@"^(?<host>[A-Za-z0-9._-]+)(:(?<port>[0-9]{1,5}))?$")]
    private static partial Regex HostAndPort();
}
