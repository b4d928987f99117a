using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Portal.AppHost.Manifests;
using Portal.AppHost.Operations;
using Portal.AppHost.Operations.Backups;
using Portal.AppHost.Tests.Manifests;

namespace Portal.AppHost.Tests.Operations.Backups;

/// <summary>On Kubernetes the backup has a pod at night alone: commands open one like it.</summary>
public sealed class BackupPodTests : IDisposable
{
    private const string Kubectl = "--context production --namespace abc0001";

    private readonly string _folder = Directory.CreateTempSubdirectory("tau-test-pods-").FullName;
    private readonly FakeTools _tools = new FakeTools().WithKubectl();

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        _tools.Dispose();
    }

    [Fact]
    public async Task The_pod_is_the_jobs_own_waits_for_commands_and_is_removed_again()
    {
        var host = await HostAsync();

        await using (await host.OpenBackupAsync(CancellationToken.None)) Assert.DoesNotContain("delete", _tools.Calls[^1], StringComparison.Ordinal);

        var pod = KubernetesYaml.LoadAllFromString(await File.ReadAllTextAsync(_tools.Note("pod")), strict: true).OfType<V1Pod>().Single();
        var job = Published.Of("kubernetes-customer").Files.Single(file => file.Path == "backup.yaml");
        var template = KubernetesYaml.LoadAllFromString(job.Content, strict: true).OfType<V1CronJob>().Single().Spec.JobTemplate.Spec.Template;
        // The network policies and the pod security standard are those of the job.
        Assert.Equal(template.Metadata.Labels, pod.Metadata.Labels);
        Assert.Equal(template.Spec.SecurityContext.RunAsUser, pod.Spec.SecurityContext.RunAsUser);
        Assert.True(pod.Spec.Containers.Single().SecurityContext.ReadOnlyRootFilesystem);
        Assert.Equal(("Never", 86400), (pod.Spec.RestartPolicy, pod.Spec.ActiveDeadlineSeconds));
        Assert.Equal($"kubectl {Kubectl} delete pod backup-open --ignore-not-found --wait ", _tools.Calls[^1]);
    }

    [Fact]
    public async Task A_logo_comes_back_through_the_api_whose_volume_no_other_pod_has_and_nothing_else_of_the_archive_does()
    {
        var logo = $"logo-{new string('a', 64)}.png";
        await ArchiveAsync(("branding/../../etc/passwd", "no"), ("branding/logo-short.png", "no"), ("keys/key.xml", "no"), ($"branding/{logo}", "a picture"));
        _tools.Answer("kubectl", $"{Kubectl} get pods *", """
            { "items": [
              { "metadata": { "name": "api-1", "labels": { "app.kubernetes.io/name": "api" } }, "status": { "phase": "Running" } },
              { "metadata": { "name": "backup-open", "labels": { "app.kubernetes.io/name": "backup" } }, "status": { "phase": "Running" } } ] }
            """)
            .Answer("kubectl", $"{Kubectl} exec backup-open *ls*", "abc0001-20261125T013000Z.dump\nabc0001-20261125T013000Z.data.tar.gz")
            .Script("kubectl", $"{Kubectl} exec backup-open *", $"cat '{_tools.Note("archive")}'; exit 0")
            .Script("kubectl", $"{Kubectl} exec api-1 *", $"cat >>'{_tools.Note("written")}'; exit 0");
        var host = await HostAsync();

        var said = await new RestoredLogo(host, new(DeployedStack.Open(_folder), host)).PutAsync("abc0001-20261125T013000Z", CancellationToken.None);

        Assert.Equal("The logo is back.", said);
        Assert.Equal("a picture", await File.ReadAllTextAsync(_tools.Note("written")));
        Assert.EndsWith($"/data/branding/{logo} ", Assert.Single(_tools.Calls, call => call.Contains("exec api-1", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    private async Task<StackHost> HostAsync()
    {
        await Published.ToAsync(_folder, Published.Cases["kubernetes-customer"]);
        var job = KubernetesYaml.LoadAllFromString(Published.Of("kubernetes-customer").Files.Single(file => file.Path == "backup.yaml").Content, strict: true).OfType<V1CronJob>().Single();
        _tools.Answer("kubectl", $"{Kubectl} get cronjob backup --output json", JsonNode.Parse(KubernetesJson.Serialize(job))!.ToJsonString())
            .Script("kubectl", $"{Kubectl} create --filename=-", $"cat >'{_tools.Note("pod")}'; exit 0")
            .Answer("kubectl", $"{Kubectl} wait --for=condition=Ready pod/backup-open *")
            .Answer("kubectl", $"{Kubectl} delete pod backup-open *");
        return await StackHost.FindAsync(DeployedStack.Open(_folder), _tools.Box, TimeProvider.System, CancellationToken.None);
    }

    private async Task ArchiveAsync(params (string Name, string Content)[] entries)
    {
        await using var file = File.Create(_tools.Note("archive"));
        await using var packed = new GZipStream(file, CompressionLevel.Fastest);
        await using var archive = new TarWriter(packed);
        foreach (var (name, content) in entries)
            await archive.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content)) });
    }
}
