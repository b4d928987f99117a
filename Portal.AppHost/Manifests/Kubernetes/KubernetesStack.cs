using System.Text.Json.Nodes;
using Portal.AppHost.Topology;
using static Portal.AppHost.Manifests.Kubernetes.KubernetesObjects;

namespace Portal.AppHost.Manifests.Kubernetes;

/// <summary>All that a stack is published as for Kubernetes: a folder that <c>kubectl apply -k</c> takes, a namespace of its own per stack.</summary>
internal static class KubernetesStack
{
    private const string Heading = "Written by ./portal publish, which writes it anew: put what you change into an overlay of this folder.";

    private const string Ignored = ".rotation\n.portal-lock\nsecrets/\n";

    public static Publication Of(PublishOptions options, string repository)
    {
        var stack = PublishedStack.Of(options);
        var workloads = new KubernetesWorkloads(stack, options);
        var shared = StackFiles.Of(stack, options, repository, service => $"http://{HostOf(service)}:{service.ContainerPort}").ToList();
        List<PublishedFile> manifests =
        [
            new("namespace.yaml", Yaml.Write(Heading, Namespace(options))),
            new("storage.yaml", Yaml.Write(Heading, Claims(stack))),
            .. stack.Services.Select(service => new PublishedFile($"{service.Name}.yaml", Yaml.Write(Heading, workloads.Of(service)))),
            new("network.yaml", Yaml.Write(Heading, KubernetesNetwork.Of(stack, options))),
            new("ingress.yaml", Yaml.Write(Heading, Ingress(options))),
        ];
        return new()
        {
            Files = [.. manifests, .. shared, new(StackDirectory.KustomizationName, Yaml.Write(Heading, Kustomization(options, manifests, shared))), new(".gitignore", Ignored)],
            EnvName = StackDirectory.SecretsEnvName,
            Variables = options.ExistingSecret is null ? [.. Secrets(stack, options)] : [],
            Folders = ["secrets"],
        };
    }

    /// <summary>The claim behind a volume. The web has a key ring of its own: it opens what it sealed itself, and asks the API about sessions.</summary>
    public static string ClaimOf(Service service, Mount mount) => service.Name == "web" ? "web-keys" : mount.Volume;

    private static JsonObject Namespace(PublishOptions options)
    {
        var made = Object("v1", "Namespace", options.Name);
        foreach (var mode in (string[])["enforce", "audit", "warn"]) made["metadata"]!["labels"]![$"pod-security.kubernetes.io/{mode}"] = "restricted";
        return made;
    }

    private static IEnumerable<JsonObject> Claims(Stack stack) =>
        from service in stack.Services
        where service.Name != Timescale.Name && service.Name != Timescale.Backup
        from mount in service.Mounts
        select Object("v1", "PersistentVolumeClaim", ClaimOf(service, mount), Claim(mount.Volume, "1Gi"));

    private static JsonObject Ingress(PublishOptions options)
    {
        var backend = new JsonObject { ["service"] = new JsonObject { ["name"] = Gateway.Name, ["port"] = new JsonObject { ["name"] = "http" } } };
        var spec = new JsonObject
        {
            ["tls"] = new JsonArray(new JsonObject { ["hosts"] = new JsonArray(options.Host), ["secretName"] = $"{options.Name}-tls" }),
            ["rules"] = new JsonArray(new JsonObject
            {
                ["host"] = options.Host,
                ["http"] = new JsonObject { ["paths"] = new JsonArray(new JsonObject { ["path"] = "/", ["pathType"] = "Prefix", ["backend"] = backend }) },
            }),
        };
        if (options.IngressClass is { } ingressClass) spec["ingressClassName"] = ingressClass;
        var made = Object("networking.k8s.io/v1", "Ingress", Gateway.Name, spec);
        // The gateway limits bodies itself, by path; nginx would refuse a meter's post beyond 1 MiB.
        made["metadata"]!["annotations"] = new JsonObject { ["nginx.ingress.kubernetes.io/proxy-body-size"] = "0" };
        return made;
    }

    private static JsonObject Kustomization(PublishOptions options, List<PublishedFile> manifests, List<PublishedFile> shared)
    {
        var made = new JsonObject
        {
            ["apiVersion"] = "kustomize.config.k8s.io/v1beta1",
            ["kind"] = "Kustomization",
            ["namespace"] = options.Name,
            ["resources"] = new JsonArray([.. manifests.Select(file => (JsonNode)file.Path)]),
            ["configMapGenerator"] = new JsonArray([.. shared.GroupBy(file => KubernetesFiles.ConfigMapOf(file.Path)).Where(map => map.Key is not null)
                .Select(map => (JsonNode)new JsonObject { ["name"] = map.Key, ["files"] = new JsonArray([.. map.Select(file => (JsonNode)file.Path)]) })]),
        };
        var secrets = new JsonArray();
        if (options.ExistingSecret is null) secrets.Add(new JsonObject { ["name"] = KubernetesWorkloads.SecretName, ["envs"] = new JsonArray(StackDirectory.SecretsEnvName) });
        // Ingest reads the token again when it changes, so its Secret keeps its name and no pod is started anew.
        if (options.FleetToken is not null || File.Exists(new StackDirectory(options.Output).FleetToken))
            secrets.Add(new JsonObject { ["name"] = KubernetesWorkloads.TokenSecret, ["files"] = new JsonArray(StackDirectory.FleetTokenName), ["options"] = new JsonObject { ["disableNameSuffixHash"] = true } });
        if (secrets.Count > 0) made["secretGenerator"] = secrets;
        return made;
    }

    private static IEnumerable<EnvVariable> Secrets(Stack stack, PublishOptions options) =>
        from secret in stack.Secrets
        let variable = PublishedStack.VariableOf(secret)
        where variable is not null
        select new EnvVariable(variable, secret switch
        {
            // Somebody else makes these.
            PublishedProvider.Secret => options.ProviderSecret ?? "",
            Timescale.Password when options.DatabaseHost is not null => "",
            _ => null,
        });
}
