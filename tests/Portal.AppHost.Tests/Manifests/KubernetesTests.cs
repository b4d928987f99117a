using k8s;
using k8s.Models;
using Portal.AppHost.Manifests;
using Portal.AppHost.Processes;

namespace Portal.AppHost.Tests.Manifests;

/// <summary>What a cluster would make of the published objects, without one: the official client's models, <c>kubectl kustomize</c>, and the rules of pods.</summary>
public sealed class KubernetesTests : IDisposable
{
    private static readonly string[] AllowedVolumes = ["ConfigMap", "EmptyDir", "Secret", "PersistentVolumeClaim"];

    private readonly string _folder = Directory.CreateTempSubdirectory("tau-test-kubernetes-").FullName;

    public static TheoryData<string> Cases => [.. Published.Cases.Keys.Where(name => name.StartsWith("kubernetes-", StringComparison.Ordinal))];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_object_has_only_fields_that_there_are(string name) => Assert.NotEmpty(Objects(name).ToList());

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_pod_passes_the_restricted_pod_security_standard(string name)
    {
        var pods = Pods(name).ToList();
        Assert.NotEmpty(pods);
        foreach (var pod in pods)
        {
            Assert.True(pod.SecurityContext.RunAsNonRoot);
            Assert.NotEqual(0, pod.SecurityContext.RunAsUser);
            Assert.Equal("RuntimeDefault", pod.SecurityContext.SeccompProfile.Type);
            Assert.True(pod.HostNetwork is null or false && pod.HostPID is null or false && pod.HostIPC is null or false);
            Assert.False(pod.AutomountServiceAccountToken);
            Assert.All(pod.Volumes ?? [], volume => Assert.Contains(
                typeof(V1Volume).GetProperties().Single(source => source.PropertyType != typeof(string) && source.GetValue(volume) is not null).Name, AllowedVolumes));
            foreach (var container in pod.Containers.Concat(pod.InitContainers ?? []))
            {
                Assert.False(container.SecurityContext.AllowPrivilegeEscalation);
                Assert.True(container.SecurityContext.ReadOnlyRootFilesystem);
                Assert.Equal(["ALL"], container.SecurityContext.Capabilities.Drop);
                Assert.Null(container.SecurityContext.Capabilities.Add);
                Assert.True(container.Resources.Limits.ContainsKey("memory") && container.Resources.Limits.ContainsKey("cpu"), container.Name);
            }
        }

        Assert.Equal("restricted", Objects(name).OfType<V1Namespace>().Single().Metadata.Labels["pod-security.kubernetes.io/enforce"]);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_service_has_probes_a_budget_and_a_policy_and_nothing_may_talk_that_no_policy_names(string name)
    {
        var objects = Objects(name).ToList();
        var policies = objects.OfType<V1NetworkPolicy>().ToList();
        var denied = policies.Single(policy => policy.Metadata.Name == "default-deny").Spec;
        Assert.Equal(["Ingress", "Egress"], denied.PolicyTypes);
        Assert.True(denied.PodSelector.MatchLabels is null or { Count: 0 } && denied.Ingress is null && denied.Egress is null);

        var running = objects.OfType<V1Deployment>().Select(made => (made.Metadata.Name, Pod: made.Spec.Template.Spec))
            .Concat(objects.OfType<V1StatefulSet>().Select(made => (made.Metadata.Name, Pod: made.Spec.Template.Spec))).ToList();
        foreach (var (service, pod) in running)
        {
            var container = Assert.Single(pod.Containers);
            Assert.All((V1Probe[])[container.StartupProbe, container.ReadinessProbe, container.LivenessProbe], Assert.NotNull);
            Assert.Contains(objects.OfType<V1PodDisruptionBudget>(), budget => budget.Metadata.Name == service);
            Assert.Contains(policies, policy => policy.Metadata.Name == service);
            Assert.Contains(objects.OfType<V1Service>(), made => made.Metadata.Name == service);
        }

        Assert.Equal(running.Select(made => made.Name).Intersect(["ingest", "aggregator"]), objects.OfType<V2HorizontalPodAutoscaler>().Select(made => made.Spec.ScaleTargetRef.Name));
    }

    [Fact]
    public void Grafana_is_reached_by_the_gateway_and_the_page_that_shows_its_health_alone()
    {
        var from = Objects("kubernetes-customer").OfType<V1NetworkPolicy>().Single(policy => policy.Metadata.Name == "grafana").Spec.Ingress.Single().FromProperty;

        Assert.Equal(["gateway", "web"], from.Select(peer => peer.PodSelector.MatchLabels["app.kubernetes.io/name"]).Order());
    }

    [KubectlTheory]
    [MemberData(nameof(Cases))]
    public async Task Kustomize_builds_every_published_folder(string name)
    {
        await Published.ToAsync(_folder, Published.Cases[name] with { FleetToken = name.Contains("customer", StringComparison.Ordinal) ? "pft_token-of-this-customer" : null });
        var secrets = EnvFile.Read(Path.Combine(_folder, "secrets", "stack.env"));

        var built = await Command.RunAsync([Command.Find("kubectl")!, "kustomize", _folder], TimeSpan.FromMinutes(2), CancellationToken.None);

        Assert.True(built.Succeeded, built.Output);
        Assert.Equal(Published.Cases[name].ExistingSecret is null, secrets["POSTGRES_PASSWORD"] is { Length: 32 });
        Assert.All(secrets.Values.Where(secret => secret.Value.Length > 0), secret =>
            Assert.DoesNotContain(Directory.EnumerateFiles(_folder, "*.yaml"), file => File.ReadAllText(file).Contains(secret.Value, StringComparison.Ordinal)));
    }

    private static IEnumerable<object> Objects(string name) => Published.Of(name).Files
        .Where(file => file.Path.EndsWith(".yaml", StringComparison.Ordinal) && !file.Path.Contains('/') && file.Path != "kustomization.yaml")
        .SelectMany(file => KubernetesYaml.LoadAllFromString(file.Content, strict: true));

    private static IEnumerable<V1PodSpec> Pods(string name) => Objects(name).Select(made => made switch
    {
        V1Deployment deployment => deployment.Spec.Template.Spec,
        V1StatefulSet set => set.Spec.Template.Spec,
        V1CronJob job => job.Spec.JobTemplate.Spec.Template.Spec,
        _ => null,
    }).OfType<V1PodSpec>();
}

/// <summary>Skipped with the reason where there is no kubectl; it comes with no distribution's packages, so in CI as well.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class KubectlTheoryAttribute : TheoryAttribute
{
    public KubectlTheoryAttribute() => Skip = Command.Find("kubectl") is null ? "SKIPPED: kubectl is missing, so no kustomization was built. Install it from kubernetes.io." : null;
}
