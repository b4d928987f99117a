using System.Text.Json.Nodes;
using Portal.AppHost.Topology;

namespace Portal.AppHost.Manifests.Compose;

/// <summary>
/// A stack as a Compose file that docker-compose 1.29 and Docker Compose 2 take. It holds no value of one customer's: those are in <c>.env</c>, so the
/// file is the same for all and a difference between two of them is a difference of versions.
/// </summary>
internal static class ComposeFile
{
    /// <summary>The network that stacks' gateways share with what stands before them.</summary>
    public const string EdgeNetwork = "portal-edge";

    /// <summary>The stack's own network, which leads nowhere else.</summary>
    private const string Inside = "stack";

    /// <summary>Grafana believes who asks it from here: only those that must reach it are in it.</summary>
    private const string Dashboards = "dashboards";

    /// <summary>For those few that call something outside.</summary>
    private const string Outside = "outside";

    private const string Heading =
        "Written by ./portal publish, which writes it anew: change .env, or put what you add into compose.override.yaml.\nSecrets are in .env and secrets/ alone.";

    // Each of these the deployer may change in .env; everything else follows from the topology.
    private static readonly HashSet<string> Changeable =
    [
        "Application__RunMode", "Authentication__DefaultAdminEmail", "Grafana__EmbedPathPrefix", "FleetIngest__Enabled", "FleetIngest__IntervalSeconds",
        "FleetIngest__BatchSize", "FleetIngest__TokenFile", "FleetIngest__Token", "BACKUP_AT", "BACKUP_KEEP_DAYS", PublishOptions.AdminsNeedTwoFactorVariable,
        "Oidc__Authority", "Oidc__ClientId", "Oidc__Scope", "Oidc__TrustEmail", "Oidc__Only",
    ];

    // May be empty or absent.
    private static readonly HashSet<string> Optional = ["FleetIngest__Token", "FleetIngest__TokenFile", "Oidc__Name", "Oidc__RoleClaim", "Oidc__AdminValue", "Oidc__ViewerValue"];

    /// <summary>What settings mean here: variables of <c>.env</c>.</summary>
    public static Surroundings Surroundings(PublishOptions options) => new()
    {
        PublicUrl = "${PUBLIC_SCHEME:-https}://" + Required("CUSTOMER_HOST") + "${PUBLIC_PORT:-}",
        FleetUrl = "${FleetIngest__Url:-}",
        DatabaseHost = options.DatabaseHost is null ? Timescale.Name : Required("POSTGRES_HOST"),
        DatabasePort = options.DatabaseHost is null ? $"{Timescale.Port}" : Required("POSTGRES_PORT"),
        DatabaseName = Required("POSTGRES_DB"),
        DatabaseUser = Required("POSTGRES_USER"),
        EdgeNetworks = Required("PORTAL_EDGE_SUBNET"),
        HostOf = HostOf,
    };

    /// <summary>A service's name in Compose: the API is the portal itself to whoever operates it.</summary>
    public static string HostOf(Service service) => service.Name == "api" ? "portal" : service.Name;

    /// <summary>The last part of its container's name.</summary>
    public static string ContainerOf(Service service) => service.Name == Timescale.Name ? "timescale" : HostOf(service);

    public static string Write(Stack stack, PublishOptions options)
    {
        var here = Surroundings(options);
        var services = new JsonObject();
        foreach (var service in stack.Services) services[HostOf(service)] = Of(stack, service, options, here);
        var networks = new JsonObject { [Inside] = new JsonObject { ["internal"] = true } };
        if (options.Grafana) networks[Dashboards] = new JsonObject { ["internal"] = true };
        if (stack.Services.Any(service => service.CallsOut)) networks[Outside] = new JsonObject();
        networks[EdgeNetwork] = new JsonObject { ["external"] = true };
        var volumes = new JsonObject();
        foreach (var volume in stack.Volumes) volumes[volume] = new JsonObject { ["name"] = Required("COMPOSE_PROJECT_NAME") + $"_{volume}" };
        return Yaml.Write(Heading, new JsonObject { ["services"] = services, ["networks"] = networks, ["volumes"] = volumes });
    }

    private static JsonObject Of(Stack stack, Service service, PublishOptions options, Surroundings here)
    {
        var container = ComposeService.Of(service, ContainerOf(service));
        var environment = new JsonObject();
        foreach (var variable in ContainerVariables.Of(stack, service, here)) environment[variable.Name] = Value(variable);
        container["environment"] = environment;
        if (service.Name == Timescale.Backup && options.BackupTarget is not null) environment["BACKUP_TARGET"] = "/target";

        var mounts = new JsonArray();
        foreach (var mount in service.Mounts) mounts.Add($"{mount.Volume}:{mount.ContainerPath}");
        foreach (var files in service.Files) mounts.Add($"./{files.Volume}:{files.ContainerPath}:ro");
        if (service.Name == Timescale.Backup && options.BackupTarget is not null) mounts.Add($"{Required("BACKUP_TARGET")}:/target");
        if (mounts.Count > 0) container["volumes"] = mounts;

        container["networks"] = Networks(service, options);
        if (Before(stack, service) is { Count: > 0 } before) container["depends_on"] = before;
        return container;
    }

    private static string Value(ContainerVariable variable) => variable switch
    {
        { Secret: { } secret } => Required(PublishedStack.VariableOf(secret)!),
        { Name: var name } when Optional.Contains(name) => $"${{{name}:-}}",
        { Name: "BACKUP_NAME" } => Required("COMPOSE_PROJECT_NAME"),
        { Name: "BACKUP_VERSION" } => Required("PORTAL_VERSION"),
        { Name: var name } when Changeable.Contains(name) => Required(name),
        _ => variable.Text!,
    };

    private static JsonNode Networks(Service service, PublishOptions options)
    {
        List<string> names = service.Name == Grafana.Name ? [Dashboards] : [Inside];
        if (options.Grafana && service.Name is Gateway.Name or "web" or Timescale.Name) names.Add(Dashboards);
        if (service.CallsOut) names.Add(Outside);
        if (service.Name != Gateway.Name) return new JsonArray([.. names.Distinct().Select(name => (JsonNode)name)]);

        var map = new JsonObject();
        foreach (var name in names) map[name] = new JsonObject();
        map[EdgeNetwork] = new JsonObject { ["aliases"] = new JsonArray(Required("COMPOSE_PROJECT_NAME") + "-gateway") };
        return map;
    }

    // What can wait for others by itself is started at once; only the API's migrations need a database that stands, and a backup tables.
    private static JsonObject Before(Stack stack, Service service)
    {
        var before = new JsonObject();
        if (service.Name == "api" && stack.Services.Any(other => other.Name == Timescale.Name)) before[Timescale.Name] = Condition("service_healthy");
        else if (service.Name == Timescale.Backup) before["portal"] = Condition("service_healthy");
        foreach (var other in service.WaitsFor) before[HostOf(stack[other])] = Condition("service_started");
        return before;
    }

    private static JsonObject Condition(string condition) => new() { ["condition"] = condition };

    public static string Required(string name) => $"${{{name}:?is missing in .env}}";
}
