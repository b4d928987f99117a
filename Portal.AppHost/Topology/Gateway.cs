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

    public static Service Service { get; } = new() { Name = Name, Project = "Portal.Gateway", IsRouted = false };

    /// <summary>The content of a stack's file.</summary>
    /// <param name="addressOf">The HTTP address of a service of the stack, as the gateway sees it.</param>
    public static string StackFile(Stack stack, string domain, Func<Service, string> addressOf) => JsonSerializer.Serialize(
        new
        {
            host = stack.Host(domain),
            services = stack.Services.Where(service => service.IsRouted).ToDictionary(service => service.Name, service => new[] { addressOf(service) }),
        },
        Readable);
}
