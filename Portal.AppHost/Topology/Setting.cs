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

    /// <summary>A secret of the stack, by its name in <see cref="Stack.Secrets"/>.</summary>
    public sealed record SecretOf(string Name) : Setting;

    /// <summary>
    /// The path of a file with a secret of the stack, by its name in <see cref="Stack.Secrets"/>. The file may come, and change, while the
    /// service runs.
    /// </summary>
    public sealed record SecretFile(string Name) : Setting;

    /// <summary>The address under which people reach the stack.</summary>
    public sealed record PublicUrl : Setting;

    /// <summary>A path of the operators' stack, under the address at which other stacks reach it.</summary>
    public sealed record AdminUrl(string Path) : Setting;

    /// <summary>Where a volume of the stack, by its name in <see cref="Stack.Volumes"/>, is seen by the service.</summary>
    public sealed record FolderOf(string Volume) : Setting;
}
