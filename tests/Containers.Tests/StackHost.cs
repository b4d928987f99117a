using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Portal.AppHost.Local;
using Portal.AppHost.Manifests;
using Portal.AppHost.Operations;
using Portal.AppHost.Tests.CommandLine;
using Portal.AppHost.Tests.Processes;
using Portal.AppHost.TestRuns;

namespace Containers.Tests;

/// <summary>
/// A host as a deployer makes it with <c>./portal publish</c> and Compose: the edge with a certificate of its own and the operators' stack run, one
/// customer's stack is about to be provisioned. A container learns the operators' name from an override, since there is no DNS, and that the certificate is to be trusted.
/// </summary>
public sealed class StackHost : IAsyncLifetime
{
    public const string Customer = "ctn0001";
    private const string Domain = "portal.test";

    // Two stacks of seven containers start at once on two cores; a health check comes every 30 s, and the backup waits for the API's.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(6);

    private readonly int _https = FreePort.Next();
    private readonly string _subnet = Environment.GetEnvironmentVariable(ContainerEnvironment.EdgeSubnetVariable) ?? "";
    private string _thumbprint = "";

    /// <summary>The folder of all that is on it.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("tau-test-host-").FullName;

    public async Task InitializeAsync()
    {
        if (ContainerFactAttribute.Reason is not null) return;
        // Containers' users must get through to their files.
        File.SetUnixFileMode(Folder, (UnixFileMode)0b111_101_101);
        await DockerAsync("network", "create", "--subnet", _subnet, "portal-edge");
        await PortalAsync("publish", "--stack", "edge", "--output", Root("edge"), "--edge-subnet", _subnet);
        await PortalAsync("publish", "--stack", "admin", "--output", Root("admin"), "--host", HostOf("admin"), "--edge-subnet", _subnet);
        await PortalAsync(["publish", .. CustomerArguments, "--stack", "customer"]);
        await PrepareAsync();
        await Task.WhenAll(ComposeAsync("edge", "up", "-d"), ComposeAsync("admin", "up", "-d"));
        await HealthyAsync("edge");
        await HealthyAsync("admin", but: "admin_backup");
        // Whom ./portal registers customers as.
        Environment.SetEnvironmentVariable("PORTAL_EMAIL", EnvOf("admin")["Authentication__DefaultAdminEmail"]);
        Environment.SetEnvironmentVariable("PORTAL_PASSWORD", EnvOf("admin")["Authentication__DefaultAdminPassword"]);
    }

    /// <summary>What the customer's stack is published and provisioned with.</summary>
    public string[] CustomerArguments => ["--code", "CTN0001", "--host", HostOf(Customer), "--fleet-url", $"https://{HostOf("admin")}:{_https}", "--output", Root(Customer), "--edge-subnet", _subnet];

    /// <summary>How a command reaches stacks from outside: by the edge's port, believing its certificate.</summary>
    public string[] Outside => ["--resolve", $"127.0.0.1:{_https}", "--ca", Path.Combine(Root("edge"), "certificates", "tls.crt")];

    async Task IAsyncLifetime.DisposeAsync()
    {
        if (ContainerFactAttribute.Reason is null) await TakeDownAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private async Task TakeDownAsync()
    {
        foreach (var stack in (string[])[Customer, "admin", "edge"])
            if (File.Exists(Path.Combine(Root(stack), "compose.yaml"))) await RunAsync(Root(stack), "docker-compose", "down", "-v", "-t", "2");
        await RunAsync(Folder, "docker", "network", "rm", "portal-edge");
    }

    public string Root(string stack) => Path.Combine(Folder, stack);

    internal EnvFile EnvOf(string stack) => EnvFile.Read(Path.Combine(Root(stack), ".env"));

    /// <summary>Somebody at a stack's host name, not signed in.</summary>
    internal Person At(string stack) => new(HostOf(stack), _https, _thumbprint);

    /// <summary>Signed in as the stack's first admin.</summary>
    internal async Task<Person> AdminAsync(string stack)
    {
        var person = At(stack);
        var env = EnvOf(stack);
        using var answer = await person.SignInAsync(env["Authentication__DefaultAdminEmail"]!, env["Authentication__DefaultAdminPassword"]!);
        Assert.True(answer.IsSuccessStatusCode, $"sign-in answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        return person;
    }

    /// <summary>A command of <c>./portal</c> on a stack; insists on success.</summary>
    internal async Task<string> PortalAsync(params string[] arguments)
    {
        var (exitCode, output) = await PortalProgram.RunAsync(Folder, arguments);
        Assert.True(exitCode == 0, $"./portal {string.Join(' ', arguments)} ended with {exitCode}:\n{output}");
        return output;
    }

    /// <summary>All that <c>docker inspect</c> says of a stack's containers.</summary>
    internal static async Task<JsonArray> ContainersAsync(string stack)
    {
        var ids = (await DockerAsync("ps", "-aq", "--filter", $"label=com.docker.compose.project={stack}")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return ids.Length == 0 ? [] : JsonNode.Parse(await DockerAsync(["inspect", .. ids]))!.AsArray();
    }

    internal static Task<string> DockerAsync(params string[] arguments) => SuccessAsync("/", ["docker", .. arguments]);

    internal Task<string> ComposeAsync(string stack, params string[] arguments) => SuccessAsync(Root(stack), ["docker-compose", .. arguments]);

    /// <summary>Waits until every container of a stack is healthy, and says which isn't and why when that takes too long.</summary>
    /// <param name="but">A container that need not be.</param>
    internal static async Task HealthyAsync(string stack, string? but = null)
    {
        var said = "";
        await Shell.EventuallyAsync(
            async () =>
            {
                var states = (await ContainersAsync(stack)).Select(one => ((string?)one!["Name"], (string?)one["State"]!["Health"]?["Status"] ?? (string?)one["State"]!["Status"])).ToArray();
                said = string.Join(", ", states.Where(state => state.Item2 != "healthy" && state.Item1 != $"/{but}"));
                return states.Length > 0 && said.Length == 0;
            },
            () => $"{stack} is not healthy: {said}", Patience);
    }

    /// <summary>Makes the user that containers run as the owner of a file, or of a folder with all that is in it.</summary>
    internal static Task OwnByContainersAsync(string path) => SuccessAsync("/", ["chown", "-R", "1000:1000", path]);

    private static string HostOf(string stack) => $"{stack}.{Domain}";

    // Once per host: a certificate, and what the edge is to route.
    private async Task PrepareAsync()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={Domain}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName($"*.{Domain}");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddHours(-1), now.AddDays(60));
        _thumbprint = certificate.Thumbprint;
        await File.WriteAllTextAsync(Path.Combine(Root("edge"), "certificates", "tls.key"), key.ExportPkcs8PrivateKeyPem());
        foreach (var file in (string[])["edge/certificates/tls.crt", $"{Customer}/secrets/edge.crt"])
            await File.WriteAllTextAsync(Path.Combine(Folder, file), certificate.ExportCertificatePem());
        await OwnByContainersAsync(Path.Combine(Root("edge"), "certificates"));
        await OwnByContainersAsync(Path.Combine(Root(Customer), "secrets"));
        File.Copy(Path.Combine(Root("admin"), "edge", "admin.json"), Path.Combine(Root("edge"), "gateway", "stacks", "admin.json"));

        // The host's own address on the shared network: containers reach the edge's port there.
        var host = _subnet[..(_subnet.LastIndexOf('.') + 1)] + "1";
        await OverrideAsync("edge", ["gateway"], "");
        await OverrideAsync("admin", ["gateway", "portal", "aggregator", "web", "grafana", "backup"], "");
        await OverrideAsync(Customer, ["gateway", "portal", "web", "grafana", "backup", "ingest"], $"""
                extra_hosts: ["{HostOf("admin")}:{host}"]
                environment:
                  SSL_CERT_FILE: /run/secrets/portal/edge.crt

            """);
        foreach (var stack in (string[])["edge", "admin", Customer]) await PrepareEnvAsync(stack);
    }

    // Asked every 10 s in place of 30, so that a test need not wait for what is long healthy.
    private Task OverrideAsync(string stack, string[] services, string last) => File.WriteAllTextAsync(
        Path.Combine(Root(stack), "compose.override.yaml"),
        "services:\n" + string.Concat(services.Select(service => $"  {service}:\n    healthcheck: {{interval: 10s}}\n")) + last);

    private async Task PrepareEnvAsync(string stack)
    {
        var path = Path.Combine(Root(stack), ".env");
        var env = EnvFile.Read(path);
        if (stack == "edge")
        {
            env.Set("EDGE_HTTP", $"{FreePort.Next()}");
            env.Set("EDGE_HTTPS", $"{_https}");
        }
        else
        {
            env.Set("PUBLIC_PORT", $":{_https}");
        }

        if (stack == Customer) env.Set("FleetIngest__IntervalSeconds", "5");
        await File.WriteAllTextAsync(path, env.ToString());
    }

    private static async Task<string> SuccessAsync(string folder, string[] line)
    {
        var (exitCode, output) = await RunAsync(folder, line);
        Assert.True(exitCode == 0, $"{string.Join(' ', line)} ended with {exitCode}:\n{output}");
        return output;
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(string folder, params string[] line)
    {
        var answer = await Toolbox.Here.RunAsync(new(line) { Folder = folder, Limit = TimeSpan.FromMinutes(8) }, CancellationToken.None);
        return (answer.ExitCode, answer.Succeeded ? answer.Output : answer.Said);
    }
}
