namespace Portal.AppHost.Topology;

/// <summary>
/// A stack's Grafana: behind the stack's gateway, which alone it believes who somebody is, and in front of the stack's database, which it reads
/// with a role of its own. What each setting is for stands in docs/GRAFANA.md.
/// </summary>
internal static class Grafana
{
    public const string Name = "grafana";

    /// <summary>The password of the role that it reads with.</summary>
    public const string Password = "grafana-password";

    /// <summary>The password of its own administrator.</summary>
    public const string AdminPassword = "grafana-admin-password";

    /// <summary>Where a container sees the dashboards.</summary>
    public const string ContainerDashboards = "/var/lib/grafana/dashboards";

    /// <summary>The volume with what it is provisioned with.</summary>
    public const string Provisioning = "grafana-provisioning";

    /// <summary>The volume with its own database: people's preferences, and who has looked.</summary>
    public const string Data = "grafana-data";

    // The image's user and group.
    private const int Owner = 472;

    /// <summary>The group that may read and write what is on <see cref="Data"/>.</summary>
    public const int Group = Owner;

    /// <summary>A stack with its Grafana: the service, its volumes and secret, and the role that the schema's owner makes for it.</summary>
    public static Stack Beside(Stack stack)
    {
        var owner = stack.Mode == RunMode.Admin ? "aggregator" : "api";
        var role = $"grafana_{stack.Database}";
        return stack with
        {
            Services = [.. stack.Services.Select(service => service.Name == owner ? WithRole(service, role) : service.Name == "web" ? Told(service) : service), Service(stack.Mode, owner, role)],
            Volumes = [.. stack.Volumes, Data, Provisioning],
            Secrets = [.. stack.Secrets, Password],
        };
    }

    private static Service WithRole(Service owner, string role) => owner with
    {
        Environment = new Dictionary<string, Setting>(owner.Environment)
        {
            ["Grafana__DatabaseUser"] = new Setting.Literal(role),
            ["Grafana__DatabasePassword"] = new Setting.SecretOf(Password),
        },
    };

    // Its page says how Grafana is, and doesn't wait for it.
    private static Service Told(Service web) => web with
    {
        Environment = new Dictionary<string, Setting>(web.Environment) { [Stacks.Discovery(Name)] = new Setting.EndpointOf(Name) },
    };

    private static Service Service(RunMode mode, string owner, string role) => new()
    {
        Name = Name,
        IsForeign = true,
        ForeignImage = Images.Grafana,
        ContainerPort = 3000,
        UserId = Owner,
        HealthCommand = ["wget", "-q", "-O", "/dev/null", "http://127.0.0.1:3000/grafana/api/health"],
        ReadyPath = "/grafana/api/health",
        WaitsFor = [owner],
        Mounts = [new(Data, "/var/lib/grafana"), new(Provisioning, "/etc/grafana/provisioning")],
        Environment = new Dictionary<string, Setting>
        {
            ["POSTGRES_HOST"] = new Setting.DatabasePart(DatabasePart.Host),
            ["POSTGRES_PORT"] = new Setting.DatabasePart(DatabasePart.Port),
            ["POSTGRES_DB"] = new Setting.DatabasePart(DatabasePart.Name),
            ["POSTGRES_USER"] = new Setting.Literal(role),
            ["POSTGRES_PASSWORD"] = new Setting.SecretOf(Password),
            ["GF_SERVER_HTTP_ADDR"] = new Setting.OwnHost(),
            ["GF_SERVER_HTTP_PORT"] = new Setting.OwnPort(),
            ["GF_SERVER_ROOT_URL"] = new Setting.PublicUrl("/grafana/"),
            ["GF_SERVER_SERVE_FROM_SUB_PATH"] = new Setting.Literal("true"),
            ["GF_AUTH_PROXY_ENABLED"] = new Setting.Literal("true"),
            ["GF_AUTH_PROXY_HEADER_NAME"] = new Setting.Literal("X-WEBAUTH-USER"),
            ["GF_AUTH_PROXY_HEADER_PROPERTY"] = new Setting.Literal("username"),
            ["GF_AUTH_PROXY_HEADERS"] = new Setting.Literal("Role:X-WEBAUTH-ROLE"),
            ["GF_AUTH_PROXY_AUTO_SIGN_UP"] = new Setting.Literal("true"),
            ["GF_AUTH_PROXY_ENABLE_LOGIN_TOKEN"] = new Setting.Literal("false"),
            ["GF_AUTH_PROXY_WHITELIST"] = new Setting.GatewayAddresses(),
            ["GF_AUTH_ANONYMOUS_ENABLED"] = new Setting.Literal("false"),
            ["GF_AUTH_BASIC_ENABLED"] = new Setting.Literal("false"),
            ["GF_AUTH_DISABLE_LOGIN_FORM"] = new Setting.Literal("true"),
            ["GF_AUTH_DISABLE_SIGNOUT_MENU"] = new Setting.Literal("true"),
            ["GF_USERS_ALLOW_SIGN_UP"] = new Setting.Literal("false"),
            ["GF_USERS_AUTO_ASSIGN_ORG_ROLE"] = new Setting.Literal("Viewer"),
            ["GF_SECURITY_ALLOW_EMBEDDING"] = new Setting.Literal("true"),
            ["GF_SECURITY_DISABLE_INITIAL_ADMIN_CREATION"] = new Setting.Literal("true"),
            ["GF_PUBLIC_DASHBOARDS_ENABLED"] = new Setting.Literal("false"),
            ["GF_SNAPSHOTS_ENABLED"] = new Setting.Literal("false"),
            ["GF_ANALYTICS_REPORTING_ENABLED"] = new Setting.Literal("false"),
            ["GF_ANALYTICS_CHECK_FOR_UPDATES"] = new Setting.Literal("false"),
            ["GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES"] = new Setting.Literal("false"),
            ["GF_NEWS_NEWS_FEED_ENABLED"] = new Setting.Literal("false"),
            ["GF_LOG_MODE"] = new Setting.Literal("console"),
            ["GF_PATHS_DATA"] = new Setting.FolderOf(Data),
            ["GF_PATHS_PROVISIONING"] = new Setting.FolderOf(Provisioning),
            ["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"] =
                new Setting.RepositoryPath(Path.Combine(Dashboards(mode), mode == RunMode.Admin ? "fleet-overview.json" : "overview.json")),
        },
    };

    /// <summary>
    /// It in a container: its files come from the published directory, and it has an administrator, whose password is of use inside the container only.
    /// </summary>
    public static Service Contained(Service grafana) => grafana with
    {
        Mounts = [.. grafana.Mounts.Where(mount => mount.Volume != Provisioning)],
        Files = [new("grafana/provisioning", "/etc/grafana/provisioning"), new("grafana/dashboards", ContainerDashboards)],
        Environment = new Dictionary<string, Setting>(grafana.Environment.Where(setting => setting.Key is not "GF_SECURITY_DISABLE_INITIAL_ADMIN_CREATION"))
        {
            ["GF_PATHS_PROVISIONING"] = new Setting.Literal("/etc/grafana/provisioning"),
            ["GF_SECURITY_ADMIN_PASSWORD"] = new Setting.SecretOf(AdminPassword),
        },
    };

    /// <summary>The folder with the dashboards of a kind of stack, relative to the repository's root.</summary>
    public static string Dashboards(RunMode mode) => Path.Combine("grafana", mode == RunMode.Admin ? "dashboards-admin" : "dashboards");
}
