using Portal.AppHost.Operations;
using Portal.AppHost.Tests.Manifests;

namespace Portal.AppHost.Tests.Operations;

/// <summary>What is said to kubectl, by one that writes it down: no cluster is near.</summary>
public sealed class KubernetesHostTests : IDisposable
{
    private const string Call = "--context production --namespace abc0001";

    private readonly string _folder = Directory.CreateTempSubdirectory("tau-test-kubernetes-").FullName;
    private readonly FakeTools _tools = new();

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        _tools.Dispose();
    }

    [Fact]
    public async Task A_host_without_kubectl_or_context_or_cluster_says_so()
    {
        await Published.ToAsync(_folder, Published.Cases["kubernetes-customer"]);
        var stack = DeployedStack.Open(_folder);
        async Task<string> Refused(Toolbox tools) => (await Assert.ThrowsAsync<UsageException>(() => StackHost.FindAsync(stack, tools, TimeProvider.System, CancellationToken.None))).Message;

        Assert.Contains("kubectl was not found on PATH; nothing was changed", await Refused(_tools.Alone), StringComparison.Ordinal);
        _tools.Answer("kubectl", "config current-context", exitCode: 1, error: "current-context is not set");
        Assert.Contains("no current context; nothing was changed", await Refused(_tools.Box), StringComparison.Ordinal);
        using var away = new FakeTools();
        away.Answer("kubectl", "config current-context", "production").Answer("kubectl", "--context production version *", exitCode: 1, error: "i/o timeout");
        Assert.Contains("The cluster of the context production does not answer; nothing was changed", await Refused(away.Box), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_call_names_the_context_and_the_namespace()
    {
        var host = await HostAsync();
        _tools.Answer("kubectl", $"{Call} *");

        await host.UpAsync(CancellationToken.None, "ingest", "timescaledb");
        await host.StopAsync(CancellationToken.None, "ingest", "backup");
        await host.StartAsync(CancellationToken.None, "ingest", "api", "backup");
        await host.RemoveAsync(CancellationToken.None);

        Assert.Equal(
            [
                $"apply --kustomize {_folder}",
                "rollout restart deployment/ingest", "rollout status deployment/ingest --timeout=10m", "rollout restart statefulset/timescaledb", "rollout status statefulset/timescaledb --timeout=10m",
                "scale deployment/ingest --replicas=0", """patch cronjob backup --patch {"spec":{"suspend":true}}""", "wait --for=delete pod --selector app.kubernetes.io/name=ingest --timeout=120s",
                "scale deployment/ingest --replicas=2", "scale deployment/api --replicas=1", """patch cronjob backup --patch {"spec":{"suspend":false}}""",
                "delete namespace abc0001 --ignore-not-found --wait --timeout=10m",
            ],
            _tools.Calls.Skip(2).Select(call => call.Replace($"kubectl {Call} ", "", StringComparison.Ordinal).TrimEnd()));
    }

    [Fact]
    public async Task A_secret_of_a_command_goes_in_by_its_input_before_what_it_reads()
    {
        var host = await HostAsync();
        // What comes after -- runs here, as it would in the pod.
        _tools.Answer("kubectl", $"{Call} get pods --output json", Pods).Script("kubectl", $"{Call} exec *", "while [ \"$1\" != -- ]; do shift; done; shift; exec \"$@\"");

        var answer = await host.RunAsync(
            new("api", ["sh", "-c", "printf '%s, %s\\n' \"$ONE\" \"$TWO\"; cat"])
            {
                Environment = new Dictionary<string, string> { ["ONE"] = "first 'secret' \\n", ["TWO"] = "second" },
                Input = new MemoryStream("what it reads\nline two"u8.ToArray()),
            },
            CancellationToken.None);

        Assert.Equal((0, "first 'secret' \\n, second\nwhat it reads\nline two"), (answer.ExitCode, answer.Output));
        var call = _tools.Calls[^1];
        Assert.StartsWith($"kubectl {Call} exec api-2 --stdin --container api -- sh -c IFS= read -r ONE; export ONE; IFS= read -r TWO; export TWO; exec \"$@\" sh sh -c ", call, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", call, StringComparison.Ordinal);
    }

    [Fact]
    public async Task How_pods_are_is_told_of_each_service_and_jobs_are_none()
    {
        var host = await HostAsync();
        _tools.Answer("kubectl", $"{Call} get pods --output json", Pods);

        var status = (await host.StatusAsync(CancellationToken.None)).ToDictionary(one => one.Service);

        Assert.Equal(new("api", false, false, "1 of 2 ready, api-1 CrashLoopBackOff, started again 7 times", "portal-api:1", 7), status["api"]);
        Assert.Equal("has no pod", status["web"].Said);
        Assert.DoesNotContain("backup", status.Keys);
    }

    [Fact]
    public async Task Volumes_that_outlive_their_namespace_are_named()
    {
        var host = await HostAsync();
        _tools.Script("kubectl", $"{Call} get namespace *", "true").Answer("kubectl", $"{Call} get persistentvolumes --output json",
            """
            {"items":[{"metadata":{"name":"pv-1"},"spec":{"claimRef":{"namespace":"abc0001","name":"backups"}}},
                      {"metadata":{"name":"pv-2"},"spec":{"claimRef":{"namespace":"xyz0002","name":"backups"}}},{"metadata":{"name":"pv-3"},"spec":{}}]}
            """);

        Assert.Equal(["persistentvolume pv-1"], await host.LeftAsync(CancellationToken.None));
    }

    private async Task<StackHost> HostAsync()
    {
        await Published.ToAsync(_folder, Published.Cases["kubernetes-customer"]);
        return await StackHost.FindAsync(DeployedStack.Open(_folder), _tools.WithKubectl().Box, TimeProvider.System, CancellationToken.None);
    }

    private const string Pods =
        """
        {"items":[
         {"metadata":{"name":"api-1","labels":{"app.kubernetes.io/name":"api"}},"status":{"phase":"Running","conditions":[{"type":"Ready","status":"False"}],
          "containerStatuses":[{"restartCount":7,"image":"portal-api:1","state":{"waiting":{"reason":"CrashLoopBackOff"}}}]}},
         {"metadata":{"name":"api-2","labels":{"app.kubernetes.io/name":"api"}},"status":{"phase":"Running","conditions":[{"type":"Ready","status":"True"}],
          "containerStatuses":[{"restartCount":0,"image":"portal-api:1","state":{"running":{}}}]}},
         {"metadata":{"name":"backup-now-x","labels":{"app.kubernetes.io/name":"backup","job-name":"backup-now"}},"status":{"phase":"Succeeded"}}]}
        """;
}
