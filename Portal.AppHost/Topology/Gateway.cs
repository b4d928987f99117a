using System.Text.Json;

namespace Portal.AppHost.Topology;

/// <summary>
/// The front door: one program for every stack on a developer's machine, one per stack elsewhere. It reads one file per
/// stack from a folder and follows changes.
/// </summary>
internal static class Gateway
{
    /// <summary>Its name beside the stacks.</summary>
    public const string Name = "gateway";

    /// <summary>The variable with the folder of stack files.</summary>
    public const string RoutesPath = "Gateway__RoutesPath";

    /// <summary>The variable with the private port that answers for the gateway itself.</summary>
    public const string StatusPort = "Gateway__StatusPort";

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true };

    /// <summary>Where it answers for itself in a container, and only inside it.</summary>
    public const int ContainerStatusPort = 9000;

    /// <summary>The folder of stack files in a container.</summary>
    public const string ContainerRoutes = "/data/routes";

    public static Service Service { get; } = new() { Name = Name, Project = "Portal.Gateway", IsRouted = false };

    /// <summary>A gateway in a container, which reads <paramref name="folder"/> of the published directory.</summary>
    public static Service Contained(string folder) => Service with
    {
        ReadyPort = ContainerStatusPort,
        Files = [new(folder, ContainerRoutes)],
        Limits = new(1, 384),
        Environment = new Dictionary<string, Setting>
        {
            [RoutesPath] = new Setting.Literal(ContainerRoutes),
            [StatusPort] = new Setting.Literal($"{ContainerStatusPort}"),
            ["Gateway__TrustedForwarders"] = new Setting.EdgeNetworks(),
        },
    };

    /// <summary>The content of a stack's file.</summary>
    /// <param name="addressOf">The HTTP address of a service of the stack, as the gateway sees it.</param>
    public static string StackFile(Stack stack, string domain, Func<Service, string> addressOf) =>
        HostFile(stack.Host(domain), stack.Services.Where(service => service.IsRouted).ToDictionary(service => service.Name, addressOf));

    /// <summary>The same from a host name in full and the services' addresses.</summary>
    public static string HostFile(string host, IReadOnlyDictionary<string, string> addresses) => JsonSerializer.Serialize(
        new { host, services = addresses.ToDictionary(service => service.Key, service => new[] { service.Value }) }, Readable);
}
