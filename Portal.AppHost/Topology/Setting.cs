namespace Portal.AppHost.Topology;

/// <summary>
/// The value of an environment variable, as a meaning: each engine turns it into the text that is right where it runs
/// (a loopback port here, a container's name there).
/// </summary>
internal abstract record Setting
{
    private Setting()
    {
    }

    /// <summary>The same text everywhere.</summary>
    public sealed record Literal(string Text) : Setting;

    /// <summary>The HTTP address of another service of the same stack.</summary>
    public sealed record EndpointOf(string Service) : Setting;

    /// <summary>How to reach the stack's database, password included.</summary>
    public sealed record Database : Setting;

    /// <summary>A part of the same, for a program that takes no connection string and has a role of its own.</summary>
    public sealed record DatabasePart(Topology.DatabasePart Part) : Setting;

    /// <summary>The address to listen on, for a program that takes it apart.</summary>
    public sealed record OwnHost : Setting;

    /// <summary>The port to listen on, likewise.</summary>
    public sealed record OwnPort : Setting;

    /// <summary>The networks of what stands before the stack's gateway: an edge gateway, an Ingress.</summary>
    public sealed record EdgeNetworks : Setting;

    /// <summary>From which addresses the gateway asks.</summary>
    public sealed record GatewayAddresses : Setting;

    /// <summary>A file or folder of the repository, relative to its root.</summary>
    public sealed record RepositoryPath(string Path) : Setting;

    /// <summary>A secret of the stack, by its name in <see cref="Stack.Secrets"/>.</summary>
    public sealed record SecretOf(string Name) : Setting;

    /// <summary>
    /// The path of a file with a secret of the stack, by its name in <see cref="Stack.Secrets"/>. The file may come, and change, while the
    /// service runs.
    /// </summary>
    public sealed record SecretFile(string Name) : Setting;

    /// <summary>The address under which people reach the stack, or a path there.</summary>
    public sealed record PublicUrl(string Path = "") : Setting;

    /// <summary>A path of the operators' stack, under the address at which other stacks reach it.</summary>
    public sealed record AdminUrl(string Path) : Setting;

    /// <summary>Where a volume of the stack, by its name in <see cref="Stack.Volumes"/>, is seen by the service.</summary>
    public sealed record FolderOf(string Volume) : Setting;
}

/// <summary>What of a database a setting says.</summary>
internal enum DatabasePart
{
    Host,
    Port,
    Name,

    /// <summary>The tables' owner.</summary>
    User,
    Password,
}
