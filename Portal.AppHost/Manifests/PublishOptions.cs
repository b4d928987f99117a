using System.Text.Json.Serialization;

namespace Portal.AppHost.Manifests;

/// <summary>What is published.</summary>
internal enum StackKind
{
    /// <summary>A customer's stack.</summary>
    Customer,

    /// <summary>The operators' stack.</summary>
    Admin,

    /// <summary>The gateway before all stacks of a host; on Kubernetes an Ingress does that.</summary>
    Edge,
}

/// <summary>For which platform.</summary>
internal enum Target
{
    Compose,
    Kubernetes,
}

/// <summary>What <c>./portal publish</c> was asked for; checked by the command.</summary>
internal sealed record PublishOptions
{
    public required StackKind Kind { get; init; }

    public required Target Target { get; init; }

    /// <summary>The directory that the stack is published to.</summary>
    [JsonIgnore]
    public string Output { get; init; } = "";

    /// <summary>Compose project, namespace and prefix of names: the customer's code in lower case, <c>admin</c> or <c>edge</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Under which host name people reach the stack; empty for the edge.</summary>
    public string Host { get; init; } = "";

    /// <summary>The first admin's address.</summary>
    public string AdminEmail { get; init; } = "";

    /// <summary>The operators' stack, to which a customer's pushes; null: it doesn't.</summary>
    public string? FleetUrl { get; init; }

    /// <summary>The token that it made for this customer; null: it comes later, into <c>secrets/fleet-token</c>.</summary>
    [JsonIgnore]
    public string? FleetToken { get; init; }

    /// <summary>Whether the stack has a Grafana.</summary>
    public bool Grafana { get; init; } = true;

    /// <summary>A database server to use in place of one of the stack's own.</summary>
    public string? DatabaseHost { get; init; }

    public int DatabasePort { get; init; } = Topology.Timescale.Port;

    /// <summary>A folder of this host, on another machine's disk, that gets a copy of each backup; on Kubernetes the name of a volume claim.</summary>
    public string? BackupTarget { get; init; }

    /// <summary>Days that backups are kept.</summary>
    public int BackupKeepDays { get; init; } = 14;

    /// <summary>The network of what stands before the stack's gateway.</summary>
    public string EdgeSubnet { get; init; } = "172.30.0.0/24";

    /// <summary>The registry's address with a slash at its end, or nothing for images of this host.</summary>
    public string Registry { get; init; } = "";

    /// <summary>The version of our images.</summary>
    public required string Version { get; init; }

    /// <summary>Kubernetes: a Secret that somebody else makes, with the names of <c>secrets/stack.env</c>.</summary>
    public string? ExistingSecret { get; init; }

    /// <summary>Kubernetes: the class of the Ingress; null for the cluster's usual one.</summary>
    public string? IngressClass { get; init; }

    /// <summary>Kubernetes: the namespace where the Ingress controller runs.</summary>
    public string IngressNamespace { get; init; } = "ingress-nginx";

    /// <summary>The provider at which its people sign in besides; null: there is none.</summary>
    public PublishedProvider? Provider { get; init; }

    /// <summary>The secret that it gave this stack; null: the deployer writes it into the file of secrets.</summary>
    [JsonIgnore]
    public string? ProviderSecret { get; init; }

    /// <summary>Whether admins with a password must have two-factor on.</summary>
    public bool AdminsNeedTwoFactor { get; init; }

    /// <summary>The setting of the API that says so, a variable of <c>.env</c>.</summary>
    public const string AdminsNeedTwoFactorVariable = "SignIn__AdminsNeedTwoFactor";

    /// <summary>Only say what would change.</summary>
    [JsonIgnore]
    public bool DryRun { get; init; }
}
