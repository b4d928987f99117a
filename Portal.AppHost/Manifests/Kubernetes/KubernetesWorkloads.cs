using System.Text.Json.Nodes;
using Portal.AppHost.Topology;
using static Portal.AppHost.Manifests.Kubernetes.KubernetesObjects;

namespace Portal.AppHost.Manifests.Kubernetes;

/// <summary>A stack's programs: Deployments, the database's StatefulSet, the backup's CronJob, and what keeps enough of them running.</summary>
internal sealed class KubernetesWorkloads(Stack stack, PublishOptions options)
{
    /// <summary>The Secret with the variables of <c>secrets/stack.env</c>.</summary>
    public const string SecretName = "stack-secrets";

    /// <summary>The Secret with the fleet token as a file.</summary>
    public const string TokenSecret = "fleet-token";

    private const int MostReplicas = 6;

    private readonly Surroundings _here = new()
    {
        PublicUrl = $"https://{options.Host}",
        FleetUrl = options.FleetUrl ?? "",
        DatabaseHost = options.DatabaseHost ?? Timescale.Name,
        DatabasePort = $"{(options.DatabaseHost is null ? Timescale.Port : options.DatabasePort)}",
        DatabaseName = stack.Database,
        DatabaseUser = "power_user",
        EdgeNetworks = options.EdgeSubnet,
        HostOf = HostOf,
    };

    /// <summary>Everything of one service.</summary>
    public IEnumerable<JsonObject> Of(Service service)
    {
        if (service.Name == Timescale.Backup) return Backup(service);
        return [Workload(service), ServiceOf(service), .. Scaling(service)];
    }

    private JsonObject Workload(Service service)
    {
        var container = Container(service, Image(service), Environment(service), Mounts(service));
        container["ports"] = new JsonArray(new JsonObject { ["name"] = "http", ["containerPort"] = service.ContainerPort });
        KubernetesProbes.Add(container, service);
        var pod = Pod(service, container, Volumes(service));
        pod["terminationGracePeriodSeconds"] = service.Name == Timescale.Name ? 60 : 15;
        var spec = new JsonObject
        {
            ["replicas"] = Replicas(service),
            ["selector"] = new JsonObject { ["matchLabels"] = Selector(service.Name) },
            ["template"] = new JsonObject { ["metadata"] = new JsonObject { ["labels"] = Labels(service.Name) }, ["spec"] = pod },
        };
        if (service.Name == Timescale.Name)
        {
            spec["serviceName"] = service.Name;
            spec["volumeClaimTemplates"] = new JsonArray(new JsonObject { ["metadata"] = new JsonObject { ["name"] = Timescale.Data }, ["spec"] = Claim(Timescale.Data, "50Gi") });
            return Object("apps/v1", "StatefulSet", service.Name, spec);
        }

        // How many there are is the autoscaler's business.
        if (service.Scales) spec.Remove("replicas");
        // One pod at a time writes a volume.
        if (service.Mounts.Count > 0) spec["strategy"] = new JsonObject { ["type"] = "Recreate" };
        return Object("apps/v1", "Deployment", service.Name, spec);
    }

    /// <summary>How many run where no autoscaler says so: what keeps no volume twice, so that a node can go.</summary>
    public static int Replicas(Service service) => service.Mounts.Count > 0 ? 1 : 2;

    private static JsonObject ServiceOf(Service service)
    {
        var spec = new JsonObject
        {
            ["selector"] = Selector(service.Name),
            ["ports"] = new JsonArray(new JsonObject { ["name"] = "http", ["port"] = service.ContainerPort, ["targetPort"] = "http" }),
        };
        return Object("v1", "Service", service.Name, spec);
    }

    private static IEnumerable<JsonObject> Scaling(Service service)
    {
        yield return Object("policy/v1", "PodDisruptionBudget", service.Name, new JsonObject
        {
            ["maxUnavailable"] = 1,
            ["selector"] = new JsonObject { ["matchLabels"] = Selector(service.Name) },
        });
        if (!service.Scales) yield break;
        yield return Object("autoscaling/v2", "HorizontalPodAutoscaler", service.Name, new JsonObject
        {
            ["scaleTargetRef"] = new JsonObject { ["apiVersion"] = "apps/v1", ["kind"] = "Deployment", ["name"] = service.Name },
            ["minReplicas"] = 2,
            ["maxReplicas"] = MostReplicas,
            // Of what is requested: five times that is half of the limit.
            ["metrics"] = new JsonArray(new JsonObject
            {
                ["type"] = "Resource",
                ["resource"] = new JsonObject { ["name"] = "cpu", ["target"] = new JsonObject { ["type"] = "Utilization", ["averageUtilization"] = 500 } },
            }),
        });
    }

    // The volumes of other pods are theirs, so the logo comes from the API. Grafana's is not saved: what can't be had again is in the database.
    private IEnumerable<JsonObject> Backup(Service service)
    {
        var job = service with { Command = ["sh", "/backup/backup.sh", "once"] };
        var environment = Environment(job);
        var (mounts, volumes) = (Mounts(job), Volumes(job));
        if (options.BackupTarget is { } claim)
        {
            mounts.Add(new JsonObject { ["name"] = "target", ["mountPath"] = "/target" });
            volumes.Add(new JsonObject { ["name"] = "target", ["persistentVolumeClaim"] = new JsonObject { ["claimName"] = claim } });
            foreach (var variable in environment.Where(variable => (string?)variable!["name"] == "BACKUP_TARGET")) variable!["value"] = "/target";
        }

        var pod = Pod(job, Container(job, Image(job), environment, mounts), volumes);
        pod["restartPolicy"] = "OnFailure";
        yield return Object("v1", "PersistentVolumeClaim", Timescale.Backups, Claim(Timescale.Backups, "20Gi"));
        yield return Object("batch/v1", "CronJob", job.Name, new JsonObject
        {
            ["schedule"] = "30 1 * * *",
            ["timeZone"] = "Etc/UTC",
            ["concurrencyPolicy"] = "Forbid",
            ["jobTemplate"] = new JsonObject
            {
                ["spec"] = new JsonObject
                {
                    ["backoffLimit"] = 3,
                    ["template"] = new JsonObject { ["metadata"] = new JsonObject { ["labels"] = Labels(job.Name) }, ["spec"] = pod },
                },
            },
        });
    }

    private JsonArray Environment(Service service)
    {
        var environment = new JsonArray();
        foreach (var variable in ContainerVariables.Of(stack, service, _here))
        {
            var made = new JsonObject { ["name"] = variable.Name };
            if (variable.Secret is { } secret)
                made["valueFrom"] = new JsonObject { ["secretKeyRef"] = new JsonObject { ["name"] = options.ExistingSecret ?? SecretName, ["key"] = PublishedStack.VariableOf(secret) } };
            else
                made["value"] = Value(variable);
            environment.Add(made);
        }

        return environment;
    }

    private string Value(ContainerVariable variable) => variable.Name switch
    {
        "Authentication__DefaultAdminEmail" => options.AdminEmail,
        _ => variable.Text!,
    };

    private static JsonArray Mounts(Service service)
    {
        var mounts = new JsonArray();
        foreach (var mount in service.Mounts) mounts.Add(new JsonObject { ["name"] = mount.Volume, ["mountPath"] = mount.ContainerPath });
        foreach (var (files, name) in KubernetesFiles.Of(service)) mounts.Add(new JsonObject { ["name"] = name, ["mountPath"] = files, ["readOnly"] = true });
        foreach (var folder in service.Scratch) mounts.Add(new JsonObject { ["name"] = Scratch(folder), ["mountPath"] = folder });
        return mounts;
    }

    private static JsonArray Volumes(Service service)
    {
        var volumes = new JsonArray();
        foreach (var mount in service.Mounts.Where(mount => mount.Volume != Timescale.Data))
            volumes.Add(new JsonObject { ["name"] = mount.Volume, ["persistentVolumeClaim"] = new JsonObject { ["claimName"] = KubernetesStack.ClaimOf(service, mount) } });
        foreach (var (_, name) in KubernetesFiles.Of(service))
        {
            volumes.Add(name == TokenSecret
                ? new JsonObject { ["name"] = name, ["secret"] = new JsonObject { ["secretName"] = TokenSecret, ["optional"] = true, ["defaultMode"] = 288 } }
                : new JsonObject { ["name"] = name, ["configMap"] = new JsonObject { ["name"] = name } });
        }

        foreach (var folder in service.Scratch)
            volumes.Add(new JsonObject { ["name"] = Scratch(folder), ["emptyDir"] = new JsonObject { ["sizeLimit"] = "64Mi" } });
        return volumes;
    }

    private static string Scratch(string folder) => folder.Trim('/').Replace('/', '-');

    private string Image(Service service) => service.IsForeign ? service.ForeignImage : $"{options.Registry}{service.Image}:{options.Version}";
}
