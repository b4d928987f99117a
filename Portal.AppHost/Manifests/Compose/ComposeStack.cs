using System.Globalization;
using Portal.AppHost.Topology;

namespace Portal.AppHost.Manifests.Compose;

/// <summary>All that a stack is published as for Compose.</summary>
internal static class ComposeStack
{
    // What is in it besides manifests must not get into a repository of manifests.
    private const string Ignored = ".env\n.rotation\n.portal-lock\nsecrets/\ncertificates/\n";

    public static Publication Of(PublishOptions options, string repository)
    {
        if (options.Kind == StackKind.Edge) return ComposeEdge.Of(options, Ignored);

        var stack = PublishedStack.Of(options);
        return new()
        {
            Files =
            [
                new(StackDirectory.ComposeName, ComposeFile.Write(stack, options)),
                new(".gitignore", Ignored),
                .. StackFiles.Of(stack, options, repository, service => $"http://{ComposeFile.HostOf(service)}:{service.ContainerPort}"),
                new($"edge/{options.Name}.json", EdgeRoute(options)),
            ],
            EnvName = StackDirectory.EnvName,
            Variables = [.. Variables(stack, options)],
            Folders = ["secrets", .. options.Grafana ? (string[])["grafana/provisioning/plugins", "grafana/provisioning/alerting"] : []],
        };
    }

    /// <summary>What the host's edge gateway is told: the whole host is the stack's gateway's, which is known there under this name.</summary>
    private static string EdgeRoute(PublishOptions options) =>
        Gateway.HostFile(options.Host, new Dictionary<string, string> { [Gateway.Name] = $"http://{options.Name}-gateway:{Gateway.Service.ContainerPort}" }) + "\n";

    private static IEnumerable<EnvVariable> Variables(Stack stack, PublishOptions options)
    {
        yield return new("COMPOSE_PROJECT_NAME", options.Name, "The stack. Its containers and volumes begin with the project's name, which therefore stays.");
        yield return new("CUSTOMER_HOST", options.Host);
        yield return new("PORTAL_VERSION", options.Version, "Images: PORTAL_REGISTRY ends in a slash, or is empty for images of this host.");
        yield return new("PORTAL_REGISTRY", options.Registry);
        yield return new("PORTAL_EDGE_SUBNET", options.EdgeSubnet, "The subnet of the network portal-edge, whose callers are believed what address and scheme people have.");
        yield return new("Application__RunMode", stack.Mode.ToString());

        if (options.DatabaseHost is { } host)
        {
            yield return new("POSTGRES_HOST", host, "The database. Its server is somebody else's: write the owner's password here.");
            yield return new("POSTGRES_PORT", options.DatabasePort.ToString(CultureInfo.InvariantCulture));
        }

        yield return new("POSTGRES_DB", stack.Database, options.DatabaseHost is null ? "The database." : "");
        yield return new("POSTGRES_USER", "power_user");
        yield return new("POSTGRES_PASSWORD", options.DatabaseHost is null ? null : "");
        yield return new("Authentication__DefaultAdminEmail", options.AdminEmail, "The first admin; read only while the stack has none.");
        yield return new("Authentication__DefaultAdminPassword", null);
        yield return new(PublishOptions.AdminsNeedTwoFactorVariable, options.AdminsNeedTwoFactor ? "true" : "false", "true: admins who sign in with a password must set up two-factor before anything else.");

        if (options.Provider is { } provider)
        {
            foreach (var (name, value) in provider.Variables)
                yield return new(name, value, name == "Oidc__Authority" ? "Sign-in by OpenID Connect, and the secret that the provider gave this stack." : "");
            yield return new(PublishedProvider.SecretVariable, options.ProviderSecret ?? "");
        }

        if (options.Grafana)
        {
            yield return new("Grafana__EmbedPathPrefix", "/grafana", "Grafana: its administrator, and the role with which it reads the database.");
            yield return new("GRAFANA_ADMIN_PASSWORD", null);
            yield return new("Grafana__DatabasePassword", null);
        }

        if (options.Kind == StackKind.Customer)
        {
            yield return new("FleetIngest__Enabled", options.FleetUrl is null ? "false" : "true", "The push to the operators' stack. Its token is in secrets/fleet-token. To give it here instead: FleetIngest__Token, which counts where it is set.");
            yield return new("FleetIngest__Url", options.FleetUrl ?? "");
            yield return new("FleetIngest__IntervalSeconds", "60");
            yield return new("FleetIngest__BatchSize", "5000");
            yield return new("FleetIngest__TokenFile", $"{PublishedStack.SecretsFolder}/{Stacks.FleetToken}");
        }

        yield return new("BACKUP_AT", "01:30", "Backups: when (UTC) and for how many days.");
        yield return new("BACKUP_KEEP_DAYS", options.BackupKeepDays.ToString(CultureInfo.InvariantCulture));
        if (options.BackupTarget is { } target) yield return new("BACKUP_TARGET", target, "A folder on another machine that gets a copy of each; uid 1000 must be able to write there.");
    }
}
