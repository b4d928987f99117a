namespace Portal.AppHost.Manifests;

/// <summary>A directory that a stack was published to: where its files are, and what its containers and volumes are called.</summary>
internal sealed class StackDirectory
{
    public const string EnvName = ".env";
    public const string ComposeName = "compose.yaml";
    public const string KustomizationName = "kustomization.yaml";

    /// <summary>Its secrets as Kubernetes is given them, beside the fleet token.</summary>
    public const string SecretsEnvName = "secrets/stack.env";

    public const string FleetTokenName = "secrets/fleet-token";

    /// <summary>Old and new value of a secret that is being changed; gone once the new one is proven.</summary>
    public const string RotationName = ".rotation";

    public StackDirectory(string root) => Root = Path.GetFullPath(root);

    public string Root { get; }

    /// <summary>Whether <c>./portal publish --target compose</c> was there.</summary>
    public bool IsCompose => File.Exists(Compose) && File.Exists(EnvPath);

    /// <summary>Whether <c>./portal publish --target kubernetes</c> was there.</summary>
    public bool IsKubernetes => File.Exists(Path.Combine(Root, KustomizationName));

    public string Compose => Path.Combine(Root, ComposeName);

    public string EnvPath => Path.Combine(Root, EnvName);

    /// <summary>The token with which ingest pushes to the fleet; it is read again when it changes.</summary>
    public string FleetToken => Path.Combine(Root, FleetTokenName);

    /// <summary>The file that the host's edge gateway is to have in its own <see cref="Routes"/>, so that people reach this stack.</summary>
    public string EdgeRoute => Path.Combine(Root, "edge", $"{Project}.json");

    /// <summary>The stack files of this directory's gateway.</summary>
    public string Routes => Path.Combine(Root, "gateway", "stacks");

    /// <summary>The variables, read anew each time.</summary>
    public EnvFile Env => EnvFile.Read(EnvPath);

    /// <summary>The Compose project: the customer's code in lower case, <c>admin</c> or <c>edge</c>.</summary>
    /// <exception cref="UsageException">Nothing was published there.</exception>
    public string Project => Env["COMPOSE_PROJECT_NAME"]
        ?? throw new UsageException($"{EnvPath} has no COMPOSE_PROJECT_NAME. Publish the stack there first: ./portal publish --output {Root} …");

    /// <summary>The stack that lies there, whatever it was published for; null for none.</summary>
    public string? Owner => Env["COMPOSE_PROJECT_NAME"] ?? (IsKubernetes
        ? File.ReadLines(Path.Combine(Root, KustomizationName)).FirstOrDefault(line => line.StartsWith("namespace: ", StringComparison.Ordinal))?["namespace: ".Length..].Trim('"')
        : null);

    /// <summary>A container, by the last part of its name: portal, timescale, grafana, ingest, aggregator, web, gateway, backup.</summary>
    public string Container(string name) => $"{Project}_{name}";

    /// <summary>A volume, by the last part of its name: timescale-data, grafana-data, portal-branding, portal-keys, backups.</summary>
    public string Volume(string name) => $"{Project}_{name}";
}
