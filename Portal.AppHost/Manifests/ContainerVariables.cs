using Portal.AppHost.Topology;

namespace Portal.AppHost.Manifests;

/// <summary>A variable of a container: a text, or the secret <see cref="Secret"/> of the topology.</summary>
internal sealed record ContainerVariable(string Name, string? Text, string? Secret = null);

/// <summary>What settings mean on a platform.</summary>
internal sealed record Surroundings
{
    public required string PublicUrl { get; init; }

    public required string FleetUrl { get; init; }

    public required string DatabaseHost { get; init; }

    public required string DatabasePort { get; init; }

    public required string DatabaseName { get; init; }

    public required string DatabaseUser { get; init; }

    public required string EdgeNetworks { get; init; }

    /// <summary>The name under which a service is reached.</summary>
    public required Func<Service, string> HostOf { get; init; }
}

/// <summary>The settings of a service as the variables of its container; secrets stay references.</summary>
internal static class ContainerVariables
{
    /// <summary>
    /// Grafana is in a network where its gateway alone asks for more than its health; addresses there are given by the platform, from the ranges that
    /// are nobody's.
    /// </summary>
    private const string PrivateNetworks = "10.0.0.0/8,100.64.0.0/10,172.16.0.0/12,192.168.0.0/16";

    public static IEnumerable<ContainerVariable> Of(Stack stack, Service service, Surroundings surroundings)
    {
        if (!service.IsForeign) yield return new("ASPNETCORE_URLS", Addresses(service));
        foreach (var (name, setting) in stack.EnvironmentOf(service))
            foreach (var variable in Of(stack, service, name, setting, surroundings))
                yield return variable;
    }

    /// <summary>What a service of ours listens on in a container.</summary>
    public static string Addresses(Service service) =>
        $"http://*:{service.ContainerPort}" + (service.ReadyPort is { } status ? $";http://127.0.0.1:{status}" : "");

    private static IEnumerable<ContainerVariable> Of(Stack stack, Service service, string name, Setting setting, Surroundings here) => setting switch
    {
        // In parts, as the operations guide names them: the password can be a secret of its own.
        Setting.Database =>
        [
            new("POSTGRES_HOST", here.DatabaseHost), new("POSTGRES_PORT", here.DatabasePort), new("POSTGRES_DB", here.DatabaseName),
            new("POSTGRES_USER", here.DatabaseUser), new("POSTGRES_PASSWORD", null, Timescale.Password),
        ],
        Setting.SecretOf secret => [new(name, null, secret.Name)],
        Setting.DatabasePart { Part: DatabasePart.Password } => [new(name, null, Timescale.Password)],
        _ => [new(name, Text(stack, service, setting, here))],
    };

    private static string Text(Stack stack, Service service, Setting setting, Surroundings here) => setting switch
    {
        Setting.Literal literal => literal.Text,
        Setting.EndpointOf endpoint => $"http://{here.HostOf(stack[endpoint.Service])}:{stack[endpoint.Service].ContainerPort}",
        Setting.DatabasePart { Part: DatabasePart.Host } => here.DatabaseHost,
        Setting.DatabasePart { Part: DatabasePart.Port } => here.DatabasePort,
        Setting.DatabasePart { Part: DatabasePart.User } => here.DatabaseUser,
        Setting.DatabasePart => here.DatabaseName,
        Setting.SecretFile file => $"{PublishedStack.SecretsFolder}/{file.Name}",
        Setting.PublicUrl url => here.PublicUrl + url.Path,
        Setting.AdminUrl admin => here.FleetUrl,
        Setting.OwnHost => "0.0.0.0",
        Setting.OwnPort => $"{service.ContainerPort}",
        Setting.EdgeNetworks => here.EdgeNetworks,
        Setting.GatewayAddresses => PrivateNetworks,
        Setting.RepositoryPath path => $"{Grafana.ContainerDashboards}/{Path.GetFileName(path.Path)}",
        Setting.FolderOf folder => service.Mounts.Single(mount => mount.Volume == folder.Volume).ContainerPath,
        _ => throw new InvalidOperationException($"{stack.Code} {service.Name} has the setting {setting}, which manifests do not know."),
    };
}
