using Portal.AppHost.Topology;

namespace Portal.AppHost.Manifests;

/// <summary>The topology of a stack as it is published: with its gateway, its database and the backups, which a developer's machine has once or not at all.</summary>
internal static class PublishedStack
{
    /// <summary>The folder of stack files of the stack's gateway.</summary>
    public const string GatewayFolder = "gateway/stacks";

    /// <summary>Where ingest sees the fleet token.</summary>
    public const string SecretsFolder = "/run/secrets/portal";

    public static Stack Of(PublishOptions options)
    {
        var stack = options.Kind == StackKind.Admin ? Stacks.Admin() : Stacks.Client(options.Name);
        // A server of its own holds nothing else; on one that is shared the database says whose it is.
        if (options is { Kind: StackKind.Customer, DatabaseHost: null }) stack = stack with { Database = "power_monitoring" };
        if (options.Grafana) stack = Grafana.Beside(stack);
        return stack with
        {
            Services =
            [
                Gateway.Contained(GatewayFolder),
                .. stack.Services.Select(service => Contained(service, stack, options)),
                .. options.DatabaseHost is null ? (Service[])[Timescale.Server] : [],
                WithRetention(Timescale.BackupOf(stack, options.Version, options.Target == Target.Compose), options),
            ],
            Volumes =
            [
                .. options.DatabaseHost is null ? (string[])[Timescale.Data] : [],
                .. stack.Volumes.Where(volume => volume != Grafana.Provisioning), Timescale.Backups,
            ],
            Secrets = [.. stack.Secrets, .. options.Provider is null ? (string[])[] : [PublishedProvider.Secret], .. options.Grafana ? (string[])[Grafana.AdminPassword] : [], Timescale.Password],
        };
    }

    /// <summary>The gateway before all stacks of a host.</summary>
    public static Service Edge { get; } = Gateway.Contained("gateway/stacks") with
    {
        Limits = new(2, 512),
        Files = [new("gateway/stacks", Gateway.ContainerRoutes), new("certificates", "/certificates")],
        Environment = new Dictionary<string, Setting>(Gateway.Contained("").Environment.Where(setting => setting.Key != "Gateway__TrustedForwarders"))
        {
            ["Tls__CertificatesPath"] = new Setting.Literal("/certificates"),
        },
    };

    /// <summary>The variable of <c>.env</c> that holds a secret of the topology; null for one that is a file.</summary>
    public static string? VariableOf(string secret) => secret switch
    {
        Stacks.AdminPassword => "Authentication__DefaultAdminPassword",
        Grafana.Password => "Grafana__DatabasePassword",
        Grafana.AdminPassword => "GRAFANA_ADMIN_PASSWORD",
        Timescale.Password => "POSTGRES_PASSWORD",
        PublishedProvider.Secret => PublishedProvider.SecretVariable,
        Stacks.FleetToken => null,
        _ => throw new InvalidOperationException($"The secret {secret} has no variable."),
    };

    private static Service Contained(Service service, Stack stack, PublishOptions options) => service.Name switch
    {
        Grafana.Name => Grafana.Contained(service),
        "api" => service with
        {
            Environment = new Dictionary<string, Setting>(service.Environment.Concat(options.Provider?.Settings ?? []))
            {
                [PublishOptions.AdminsNeedTwoFactorVariable] = new Setting.Literal(options.AdminsNeedTwoFactor ? "true" : "false"),
            },
        },
        "ingest" => service with
        {
            Files = [new("secrets", SecretsFolder)],
            Environment = new Dictionary<string, Setting>(service.Environment)
            {
                ["FleetIngest__Enabled"] = new Setting.Literal(options.FleetUrl is null ? "false" : "true"),
                ["FleetIngest__Token"] = new Setting.Literal(""),
                ["FleetIngest__BatchSize"] = new Setting.Literal("5000"),
            },
        },
        "web" when options.Grafana => service with { Environment = With(service, "Grafana__EmbedPathPrefix", "/grafana") },
        _ => service,
    } with
    {
        CallsOut = service.CallsOut || (service.Name == "api" && options.Provider is not null)
            || (options.DatabaseHost is not null && (service.UsesDatabase || service.Name == Grafana.Name)),
    };

    private static Service WithRetention(Service backup, PublishOptions options) => backup with
    {
        Environment = With(backup, "BACKUP_KEEP_DAYS", $"{options.BackupKeepDays}"),
        CallsOut = options.DatabaseHost is not null,
    };

    private static Dictionary<string, Setting> With(Service service, string name, string value) =>
        new(service.Environment) { [name] = new Setting.Literal(value) };
}
