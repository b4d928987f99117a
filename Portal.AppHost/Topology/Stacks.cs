namespace Portal.AppHost.Topology;

/// <summary>The two kinds of stack, described once; engines and manifests are made from this.</summary>
internal static class Stacks
{
    /// <summary>Code of the operators' stack.</summary>
    public const string AdminCode = "admin";

    /// <summary>The password of the first admin. Only a stack that has none yet reads it.</summary>
    public const string AdminPassword = "admin-password";

    /// <summary>The token with which a customer's stack pushes; the operators' stack makes it when the customer is registered there.</summary>
    public const string FleetToken = "fleet-token";

    /// <summary>The first admin's address in every stack that is made on a developer's machine.</summary>
    public const string AdminEmail = "admin@portal.local";

    private const string Keys = "portal-keys";
    private const string Branding = "portal-branding";

    // The service's own default, for hundreds of customers. On a developer's machine nobody should wait a minute to see a figure arrive.
    private const int PushSeconds = 60;
    private const int LocalPushSeconds = 10;

    // One ring of keys per stack: the API makes its sessions, the others open them.
    private static readonly Mount KeyRing = new(Keys, "/data/keys");

    /// <summary>A customer's stack.</summary>
    /// <param name="code">The customer's code in lower case.</param>
    /// <param name="fleet">Which simulated fleet belongs to it; null for none.</param>
    /// <param name="pushSeconds">How often it pushes to the operators' stack.</param>
    public static Stack Client(string code, int? fleet = null, int pushSeconds = PushSeconds) => new()
    {
        Code = code,
        Mode = RunMode.Client,
        Database = $"power_monitoring_{code}",
        Services = [Api(), Ingest(pushSeconds), Web("ingest")],
        Volumes = [Keys, Branding],
        Secrets = [AdminPassword, FleetToken],
        SimulatedFleet = fleet,
    };

    /// <summary>The operators' stack.</summary>
    public static Stack Admin() => new()
    {
        Code = AdminCode,
        Mode = RunMode.Admin,
        Database = "admin_fleet",
        Services = [Api(), Aggregator(), Web("aggregator")],
        Volumes = [Keys, Branding],
        Secrets = [AdminPassword],
    };

    /// <summary>The operators' stack and those of the first <paramref name="customers"/> customers, as they run on one machine.</summary>
    public static IReadOnlyList<Stack> Fleet(int customers, bool simulate) =>
        [Admin(), .. CustomerCodes.First(customers).Select((code, index) => Client(code, simulate ? index + 1 : null, LocalPushSeconds))];

    private static Service Api() => new()
    {
        Name = "api",
        Project = "Portal.Api",
        Environment = new Dictionary<string, Setting>
        {
            ["ConnectionStrings__portal"] = new Setting.Database(),
            ["Authentication__DefaultAdminEmail"] = new Setting.Literal(AdminEmail),
            ["Authentication__DefaultAdminPassword"] = new Setting.SecretOf(AdminPassword),
            ["DataProtection__KeysPath"] = new Setting.FolderOf(Keys),
            ["Branding__Path"] = new Setting.FolderOf(Branding),
        },
        Mounts = [KeyRing, new(Branding, "/data/branding")],
    };

    // The API alone brings the schema up to date; the meters' posts wait for it. It also says who may see how the push goes.
    private static Service Ingest(int pushSeconds) => new()
    {
        Name = "ingest",
        Project = "Portal.Ingest",
        // Half a gibibyte of posts under way (Ingest__MaxBufferedMiB), and as much for the rest.
        Limits = new(2, 1024),
        CallsOut = true,
        Scales = true,
        Environment = new Dictionary<string, Setting>
        {
            ["ConnectionStrings__portal"] = new Setting.Database(),
            [Discovery("api")] = new Setting.EndpointOf("api"),
            ["FleetIngest__Enabled"] = new Setting.Literal("true"),
            ["FleetIngest__Url"] = new Setting.AdminUrl("/api/fleet/ingest"),
            ["FleetIngest__TokenFile"] = new Setting.SecretFile(FleetToken),
            ["FleetIngest__IntervalSeconds"] = new Setting.Literal($"{pushSeconds}"),
        },
        WaitsFor = ["api"],
    };

    private static Service Aggregator() => new()
    {
        Name = "aggregator",
        Project = "Fleet.Aggregator",
        // As ingest: Push__MaxBufferedMiB.
        Limits = new(2, 1024),
        Scales = true,
        Environment = new Dictionary<string, Setting>
        {
            ["ConnectionStrings__portal"] = new Setting.Database(),
            [Discovery("api")] = new Setting.EndpointOf("api"),
        },
        WaitsFor = ["api"],
    };

    private static Service Web(params string[] besides) => new()
    {
        Name = "web",
        Project = "Portal.Web",
        Environment = new Dictionary<string, Setting>(
            besides.Prepend("api").Select(used => KeyValuePair.Create(Discovery(used), (Setting)new Setting.EndpointOf(used))))
        {
            ["DataProtection__KeysPath"] = new Setting.FolderOf(Keys),
        },
        Mounts = [KeyRing],
        // One page asks ingest how the push goes: the others needn't wait for it.
        WaitsFor = [.. besides.Prepend("api").Where(used => used != "ingest")],
    };

    /// <summary>The variable from which a service learns where <c>http://NAME</c> is.</summary>
    public static string Discovery(string service) => $"services__{service}__http__0";
}
