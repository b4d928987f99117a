namespace Portal.AppHost;

/// <summary>What <c>./portal up</c> was asked for.</summary>
internal sealed record UpOptions
{
    public int Customers { get; init; } = 2;

    /// <summary>Whether meters are simulated.</summary>
    public bool Simulate { get; init; } = true;

    /// <summary>A server to use instead of a private one: a connection string of somebody who may create databases.</summary>
    public string? Database { get; init; }

    /// <summary>The gateway's port, on loopback.</summary>
    public int Port { get; init; } = 8080;

    /// <summary>Path of the Grafana to run beside each stack, <c>none</c>, or null for what is found on the machine.</summary>
    public string? Grafana { get; init; }

    /// <summary>The first admins' password; null for the one remembered or the default.</summary>
    public string? AdminPassword { get; init; }

    /// <summary>The domain of the stacks' host names. Browsers and curl know by themselves that names below it mean this machine.</summary>
    public const string Domain = "localhost";

    /// <summary>The address under which people reach a stack.</summary>
    public string UrlOf(string code) => $"http://{code}.{Domain}:{Port}";
}
