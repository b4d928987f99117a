namespace Portal.AppHost.Topology;

/// <summary>An isolated set of services with a database of its own: one customer's, or the operators'.</summary>
internal sealed record Stack
{
    /// <summary>
    /// Its name everywhere: first label of the host name, prefix of resources, project of containers. Lower case; for a
    /// customer the customer's code.
    /// </summary>
    public required string Code { get; init; }

    public required RunMode Mode { get; init; }

    /// <summary>The name of its database.</summary>
    public required string Database { get; init; }

    public required IReadOnlyList<Service> Services { get; init; }

    /// <summary>Names of the volumes that outlive its services.</summary>
    public IReadOnlyList<string> Volumes { get; init; } = [];

    /// <summary>Names of the secrets that it is given: a password that somebody chooses, a token that the operators' stack makes.</summary>
    public IReadOnlyList<string> Secrets { get; init; } = [];

    /// <summary>Which simulated fleet of meters belongs to it (the simulator's seed); null for none.</summary>
    public int? SimulatedFleet { get; init; }

    /// <summary>The host name under a domain, <c>abc0001.localhost</c>.</summary>
    public string Host(string domain) => $"{Code}.{domain}";

    /// <summary>All settings of one of its services: what every service of ours is told, and its own.</summary>
    public IReadOnlyDictionary<string, Setting> EnvironmentOf(Service service) => service.IsForeign || service.Name == Gateway.Name ? service.Environment : new Dictionary<string, Setting>(service.Environment)
    {
        ["Application__RunMode"] = new Setting.Literal(Mode.ToString()),
        ["Application__PublicUrl"] = new Setting.PublicUrl(),
    };

    /// <summary>A service by its name.</summary>
    public Service this[string name] => Services.Single(service => service.Name == name);
}
