using Portal.AppHost.CommandLine;
using Portal.AppHost.Manifests;
using Portal.AppHost.Tests.CommandLine;
using PublishTarget = Portal.AppHost.Manifests.Target;

namespace Portal.AppHost.Tests.Manifests;

/// <summary>Stacks as deployers publish them, each into a directory of its own.</summary>
internal static class Published
{
    /// <summary>A customer's stack as it is meant to be.</summary>
    public static PublishOptions Customer { get; } = new()
    {
        Kind = StackKind.Customer,
        Target = PublishTarget.Compose,
        Output = "/nonexistent",
        Name = "abc0001",
        Host = "abc0001.portal.example.com",
        AdminEmail = "admin@abc0001.example.com",
        FleetUrl = "https://admin.portal.example.com/api/fleet/ingest",
        Version = "0.1.0",
    };

    /// <summary>The cases of the golden files, by the names of their folders.</summary>
    public static IReadOnlyDictionary<string, PublishOptions> Cases { get; } = new Dictionary<string, PublishOptions>
    {
        ["compose-customer"] = Customer,
        ["compose-customer-external-database"] = Customer with { DatabaseHost = "db.internal", DatabasePort = 6432, BackupTarget = "/mnt/backups/abc0001", FleetUrl = null },
        ["compose-admin"] = Customer with { Kind = StackKind.Admin, Name = "admin", Host = "admin.portal.example.com", FleetUrl = null },
        ["compose-admin-without-grafana"] = Customer with { Kind = StackKind.Admin, Name = "admin", Host = "admin.portal.example.com", FleetUrl = null, Grafana = false, Provider = Directory, AdminsNeedTwoFactor = true },
        ["compose-edge"] = Customer with { Kind = StackKind.Edge, Name = "edge", Host = "", FleetUrl = null },
        ["kubernetes-customer"] = Kubernetes,
        ["kubernetes-customer-external-database"] = Kubernetes with { DatabaseHost = "db.internal", DatabasePort = 6432, BackupTarget = "off-site", ExistingSecret = "from-the-vault" },
        ["kubernetes-admin"] = Kubernetes with { Kind = StackKind.Admin, Name = "admin", Host = "admin.portal.example.com", FleetUrl = null, Grafana = false, Provider = Directory },
    };

    private static PublishedProvider Directory => new()
    {
        Authority = "https://login.example.com/realms/acme", ClientId = "portal-admin", Name = "Acme", RoleClaim = "groups", AdminValue = "portal-operators",
    };

    private static PublishOptions Kubernetes => Customer with { Target = PublishTarget.Kubernetes, Registry = "registry.example.com/", EdgeSubnet = "10.0.0.0/8", IngressClass = "nginx" };

    public static Publication Of(string name) => StackPublication.Of(Cases[name], PortalProgram.Repository.Root);

    /// <summary>Publishes and returns what the command printed.</summary>
    public static async Task<string> ToAsync(string folder, PublishOptions options)
    {
        var output = new StringWriter();
        await PublishCommand.RunAsync(options with { Output = folder }, PortalProgram.Repository, output, CancellationToken.None);
        return output.ToString();
    }
}
