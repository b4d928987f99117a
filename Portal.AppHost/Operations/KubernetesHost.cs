using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.AppHost.Manifests.Kubernetes;
using Portal.AppHost.Topology;
using Portal.Domain.Texts;

namespace Portal.AppHost.Operations;

/// <summary>A stack in a cluster, in the namespace of its name, by kubectl.</summary>
/// <param name="context">The context that each call names, so that somebody who changes the current one meanwhile changes nothing here.</param>
internal sealed class KubernetesHost(DeployedStack stack, Toolbox tools, TimeProvider clock, string context) : StackHost(stack, tools, clock)
{
    private const string NameLabel = "app.kubernetes.io/name";

    // What Kubernetes gives a pod before it is moved or started.
    private const string RolloutLimit = "--timeout=10m";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public override string Name => $"kubectl, context {context}";

    /// <exception cref="UsageException">kubectl is missing, has no such context, or its cluster does not answer.</exception>
    public static async Task<KubernetesHost> FindAsync(DeployedStack stack, Toolbox tools, TimeProvider clock, string? context, CancellationToken cancel)
    {
        if (!tools.Has("kubectl")) throw new UsageException("kubectl was not found on PATH; nothing was changed. Install it and run the same command again.");
        var current = await tools.RunAsync(new(["kubectl", "config", "current-context"]) { Limit = Patience }, cancel);
        if (context is null && !current.Succeeded) throw new UsageException($"kubectl has no current context; nothing was changed. Name one with --context, or choose one: kubectl config use-context NAME\n{current.Said}");
        var chosen = context ?? current.Output.Trim();
        var asked = await tools.RunAsync(new(["kubectl", "--context", chosen, "version", "--request-timeout=15s"]) { Limit = Patience }, cancel);
        if (!asked.Succeeded) throw new UsageException($"The cluster of the context {chosen} does not answer; nothing was changed. Check it with: kubectl --context {chosen} version\n{asked.Said}");
        return new(stack, tools, clock, chosen);
    }

    public override string Says(string action) => $"kubectl --context {context} --namespace {Stack.Project} {action}";

    /// <summary>Applies everything; services that are named are started anew besides, since a pod reads its variables once.</summary>
    public override async Task UpAsync(CancellationToken cancel, params string[] services)
    {
        await KubectlAsync(cancel, "apply", "--kustomize", Stack.Directory.Root);
        foreach (var name in services.Where(name => name != Timescale.Backup))
        {
            await KubectlAsync(cancel, "rollout", "restart", Workload(name));
            await KubectlAsync(cancel, "rollout", "status", Workload(name), RolloutLimit);
        }
    }

    public override async Task StopAsync(CancellationToken cancel, params string[] services)
    {
        foreach (var name in services)
        {
            if (name == Timescale.Backup) await SuspendAsync(true, cancel);
            else await KubectlAsync(cancel, "scale", Workload(name), "--replicas=0");
        }

        foreach (var name in services.Where(name => name != Timescale.Backup)) await KubectlAsync(cancel, "wait", "--for=delete", "pod", "--selector", $"{NameLabel}={name}", "--timeout=120s");
    }

    public override async Task StartAsync(CancellationToken cancel, params string[] services)
    {
        foreach (var name in services)
        {
            if (name == Timescale.Backup) await SuspendAsync(false, cancel);
            else await KubectlAsync(cancel, "scale", Workload(name), $"--replicas={KubernetesWorkloads.Replicas(ServiceOf(name))}");
        }
    }

    // The nodes pull by themselves.
    public override Task PullAsync(CancellationToken cancel) => Task.CompletedTask;

    public override async Task<ToolAnswer> RunAsync(ServiceCommand command, CancellationToken cancel)
    {
        var pod = (await PodsAsync(cancel)).Where(pod => pod.Service == command.Service).OrderByDescending(pod => pod.IsReady).FirstOrDefault();
        if (pod is null) return new(-1, "", $"{command.Service} has no pod in the namespace {Stack.Project}.");
        // kubectl exec takes no variables: their values are the first lines of what the command reads, since arguments are seen by all.
        var input = command.Environment.Count == 0 ? command.Input : new ChainedStream(Lines(command.Environment.Values), command.Input);
        string[] line = command.Environment.Count == 0
            ? [.. command.Line]
            : ["sh", "-c", string.Concat(command.Environment.Keys.Select(name => $"IFS= read -r {name}; export {name}; ")) + "exec \"$@\"", "sh", .. command.Line];
        return await CallAsync(
            new([.. Kubectl("exec", pod.Name), .. input is null ? (string[])[] : ["--stdin"], "--container", command.Service, "--", .. line])
            {
                Input = input, Output = command.Output, Limit = command.Limit,
            },
            cancel);
    }

    public override Task CreateAsync(CancellationToken cancel) => Task.CompletedTask;

    /// <summary>A pod like the job's, that waits for commands and ends by itself.</summary>
    public override async Task<IAsyncDisposable> OpenBackupAsync(CancellationToken cancel)
    {
        const string name = "backup-open";
        var job = JsonNode.Parse(await KubectlAsync(cancel, "get", "cronjob", Timescale.Backup, "--output", "json"))!;
        var template = job["spec"]!["jobTemplate"]!["spec"]!["template"]!;
        var spec = template["spec"]!.DeepClone();
        spec["restartPolicy"] = "Never";
        spec["activeDeadlineSeconds"] = 24 * 60 * 60;
        spec["terminationGracePeriodSeconds"] = 1;
        spec["containers"]![0]!["command"] = new JsonArray("sh", "-c", "trap 'exit 0' TERM; sleep 86400 & wait");
        var pod = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Pod",
            ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = template["metadata"]!["labels"]!.DeepClone() },
            ["spec"] = spec,
        };
        await CloseAsync(cancel);
        Require(await CallAsync(new(Kubectl("create", "--filename=-")) { Input = new MemoryStream(Encoding.UTF8.GetBytes(pod.ToJsonString())) }, cancel), $"kubectl create pod {name}");
        await KubectlAsync(cancel, "wait", "--for=condition=Ready", $"pod/{name}", "--timeout=5m");
        return new AsyncDisposable(() => CloseAsync(CancellationToken.None));

        Task CloseAsync(CancellationToken until) => KubectlAsync(until, "delete", "pod", name, "--ignore-not-found", "--wait");
    }

    public override async Task<IReadOnlyList<ServiceStatus>> StatusAsync(CancellationToken cancel)
    {
        var pods = await PodsAsync(cancel);
        // The backup is a job that runs at night: it has no pod most of the time.
        return [.. Stack.Services.Where(service => service.Name != Timescale.Backup).Select(service => Status(service, [.. pods.Where(pod => pod.Service == service.Name)]))];
    }

    public override async Task<IReadOnlyList<string>> LogsAsync(string service, int lines, CancellationToken cancel)
    {
        var answer = await CallAsync(new(Kubectl("logs", "--selector", $"{NameLabel}={service}", $"--tail={lines}")), cancel);
        return answer.Succeeded ? answer.Said.Split('\n') : [$"its log could not be read: {answer.Said}"];
    }

    public override async Task RemoveAsync(CancellationToken cancel) => await KubectlAsync(cancel, "delete", "namespace", Stack.Project, "--ignore-not-found", "--wait", RolloutLimit);

    public override async Task<IReadOnlyList<string>> LeftAsync(CancellationToken cancel)
    {
        var space = (await KubectlAsync(cancel, "get", "namespace", Stack.Project, "--ignore-not-found", "--output", "name")).Trim();
        using var volumes = JsonDocument.Parse(await KubectlAsync(cancel, "get", "persistentvolumes", "--output", "json"));
        // A class whose volumes are retained keeps them, with the data, beyond their namespace.
        var kept = volumes.RootElement.GetProperty("items").EnumerateArray()
            .Where(volume => volume.GetProperty("spec").TryGetProperty("claimRef", out var claim) && claim.GetProperty("namespace").GetString() == Stack.Project)
            .Select(volume => $"persistentvolume {volume.GetProperty("metadata").GetProperty("name").GetString()}");
        return [.. space.Length == 0 ? (string[])[] : [space], .. kept];
    }

    private Task<string> SuspendAsync(bool suspend, CancellationToken cancel) =>
        KubectlAsync(cancel, "patch", "cronjob", Timescale.Backup, "--patch", suspend ? """{"spec":{"suspend":true}}""" : """{"spec":{"suspend":false}}""");

    private async Task<IReadOnlyList<Pod>> PodsAsync(CancellationToken cancel)
    {
        using var answer = JsonDocument.Parse(await KubectlAsync(cancel, "get", "pods", "--output", "json"));
        return [.. answer.RootElement.GetProperty("items").EnumerateArray().Select(PodOf).OfType<Pod>()];
    }

    private Task<string> KubectlAsync(CancellationToken cancel, params string[] arguments) => RequireAsync(Kubectl(arguments), cancel);

    private string[] Kubectl(params string[] arguments) => ["kubectl", "--context", context, "--namespace", Stack.Project, .. arguments];

    private static string Workload(string service) => $"{(service == Timescale.Name ? "statefulset" : "deployment")}/{service}";

    private static MemoryStream Lines(IEnumerable<string> values) => new(Encoding.UTF8.GetBytes(string.Concat(values.Select(value =>
        value.Contains('\n', StringComparison.Ordinal) ? throw new ArgumentException("A variable of a command in a pod has one line.", nameof(values)) : $"{value}\n"))));

    private static ServiceStatus Status(Service service, IReadOnlyList<Pod> pods)
    {
        if (pods.Count == 0) return new(service.Name, false, false, "has no pod", "", 0);
        var ready = pods.Count(pod => pod.IsReady);
        var restarts = pods.Sum(pod => pod.Restarts);
        var said = string.Create(CultureInfo.InvariantCulture, $"{ready} of {pods.Count} ready")
            + string.Concat(pods.Where(pod => !pod.IsReady).Select(pod => $", {pod.Name} {pod.Said}")) + (restarts > 0 ? $", started again {Counted.Of(restarts, "time")}" : "");
        return new(service.Name, pods.All(pod => pod.Said == "Running"), ready == pods.Count, said, pods[0].Image, restarts);
    }

    // Pods of jobs come and go; they are nobody's service.
    private static Pod? PodOf(JsonElement pod)
    {
        var metadata = pod.GetProperty("metadata");
        if (!metadata.TryGetProperty("labels", out var labels) || !labels.TryGetProperty(NameLabel, out var service) || labels.TryGetProperty("job-name", out _)) return null;
        var status = pod.GetProperty("status");
        var ready = status.TryGetProperty("conditions", out var conditions)
            && conditions.EnumerateArray().Any(condition => condition.GetProperty("type").GetString() == "Ready" && condition.GetProperty("status").GetString() == "True");
        var containers = status.TryGetProperty("containerStatuses", out var all) ? all.EnumerateArray().ToList() : [];
        var waiting = containers.Select(container => container.TryGetProperty("state", out var state) && state.TryGetProperty("waiting", out var why) && why.TryGetProperty("reason", out var reason) ? reason.GetString() : null)
            .FirstOrDefault(reason => reason is not null);
        return new(
            metadata.GetProperty("name").GetString()!, service.GetString()!, ready, waiting ?? status.GetProperty("phase").GetString()!,
            containers.Sum(container => container.GetProperty("restartCount").GetInt32()), containers.Select(container => container.GetProperty("image").GetString()).FirstOrDefault() ?? "");
    }

    private sealed record Pod(string Name, string Service, bool IsReady, string Said, int Restarts, string Image);
}
