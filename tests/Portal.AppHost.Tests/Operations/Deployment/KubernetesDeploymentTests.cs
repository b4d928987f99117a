using Portal.AppHost.Manifests;
using Portal.AppHost.Operations;
using Portal.AppHost.Operations.Checks;
using Portal.AppHost.Operations.Deployment;
using Portal.AppHost.Tests.CommandLine;
using Portal.AppHost.Tests.Manifests;

namespace Portal.AppHost.Tests.Operations.Deployment;

/// <summary>The same commands by a kubectl that writes down what it is told: no cluster is near.</summary>
public sealed class KubernetesDeploymentTests : IDisposable
{
    private const string Call = "--context production --namespace abc0001";

    private static readonly PublishOptions Customer = Published.Cases["kubernetes-customer"];

    private readonly string _folder = Directory.CreateTempSubdirectory("tau-test-cluster-").FullName;
    private readonly FakeTools _tools = new FakeTools().WithKubectl();
    private readonly StringWriter _output = new();

    public void Dispose()
    {
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
        _tools.Dispose();
        _output.Dispose();
    }

    [Fact]
    public async Task An_update_writes_the_version_into_the_manifests_and_applies_them()
    {
        await Published.ToAsync(_folder, Customer);
        _tools.Answer("kubectl", $"{Call} get pods --output json", """{"items":[]}""").Answer("kubectl", $"{Call} apply --kustomize {_folder}", exitCode: 1, error: "admission webhook denied the request");
        var stack = DeployedStack.Open(_folder);
        var host = await StackHost.FindAsync(stack, _tools.Box, TimeProvider.System, CancellationToken.None);
        var steps = new StackSteps(PortalProgram.Repository, new PublicAddress(null, null), _output, TimeProvider.System);

        var plan = await new StackUpdate(stack, host, steps).PlanAsync("0.2.0", backup: false, CancellationToken.None);
        Assert.Equal(1, await plan.RunAsync(new() { Given = "yes" }, _output, CancellationToken.None));

        Assert.Contains("image: \"registry.example.com/tau-acuvim-portal-api:0.2.0\"", File.ReadAllText(Path.Combine(_folder, "api.yaml")), StringComparison.Ordinal);
        Assert.Equal("0.2.0", DeployedStack.Open(_folder).Published.Version);
        Assert.Contains("admission webhook denied the request", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains($"with the ./portal of 0.1.0, run ./portal update --directory {_folder} --version 0.1.0 --no-backup", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_end_of_a_stack_is_that_of_its_namespace_and_a_retained_volume_keeps_the_directory()
    {
        await Published.ToAsync(_folder, Customer);
        var volume = _tools.Note("volume");
        File.WriteAllText(volume, """{"items":[{"metadata":{"name":"pv-7"},"spec":{"claimRef":{"namespace":"abc0001"}}}]}""");
        _tools.Answer("kubectl", $"{Call} delete namespace abc0001 --ignore-not-found --wait --timeout=10m").Script("kubectl", $"{Call} get namespace *", "true").Script("kubectl", $"{Call} get persistentvolumes --output json", $"cat {volume}");
        var stack = DeployedStack.Open(_folder);
        var host = await StackHost.FindAsync(stack, _tools.Box, TimeProvider.System, CancellationToken.None);
        Task<int> RunAsync() => new Decommissioning(stack, host, _tools.Box).PlanOf(new(null, null, null)).RunAsync(new() { Word = "ABC0001", Given = "ABC0001" }, _output, CancellationToken.None);

        Assert.Equal(1, await RunAsync());
        Assert.Contains("Still there: persistentvolume pv-7.", _output.ToString(), StringComparison.Ordinal);
        Assert.True(Directory.Exists(_folder));

        File.WriteAllText(volume, """{"items":[]}""");
        Assert.Equal(0, await RunAsync());
        Assert.False(Directory.Exists(_folder));
    }
}
