using System.Text.Json;
using Portal.AppHost.Manifests.Compose;
using Portal.AppHost.Topology;
using Portal.Domain.Texts;

namespace Portal.AppHost.Operations;

/// <summary>A stack under Docker Compose: version 2, or the docker-compose 1.29 of older systems.</summary>
internal sealed class ComposeHost : StackHost
{
    // Docker's own labels, which both versions set.
    private const string ProjectLabel = "com.docker.compose.project";
    private const string ServiceLabel = "com.docker.compose.service";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly string[] _compose;

    private ComposeHost(DeployedStack stack, Toolbox tools, TimeProvider clock, string[] compose)
        : base(stack, tools, clock) => _compose = compose;

    public override string Name => string.Join(' ', _compose);

    /// <exception cref="UsageException">Docker or Compose is missing, or does not answer.</exception>
    public static async Task<ComposeHost> FindAsync(DeployedStack stack, Toolbox tools, TimeProvider clock, CancellationToken cancel)
    {
        await Docker.RequireAsync(tools, cancel);
        if ((await tools.RunAsync(new(["docker", "compose", "version"]) { Limit = Patience }, cancel)).Succeeded) return new(stack, tools, clock, ["docker", "compose"]);
        if (tools.Has("docker-compose")) return new(stack, tools, clock, ["docker-compose"]);
        throw new UsageException("Neither docker compose nor docker-compose was found; nothing was changed. Install the Compose plugin of Docker and run the same command again.");
    }

    public override string Says(string action) => $"cd {Stack.Directory.Root} && {Name} {action}";

    public override Task UpAsync(CancellationToken cancel, params string[] services) =>
        ComposeAsync(cancel, ["up", "--detach", .. services.Length == 0 ? (string[])["--remove-orphans"] : ["--no-deps", .. Names(services)]]);

    public override Task StopAsync(CancellationToken cancel, params string[] services) => ComposeAsync(cancel, ["stop", .. Names(services)]);

    public override Task StartAsync(CancellationToken cancel, params string[] services) => ComposeAsync(cancel, ["start", .. Names(services)]);

    // Images of this host, which have no registry, can't be pulled; those of others are when they are missing.
    public override Task PullAsync(CancellationToken cancel) => Stack.Published.Registry.Length == 0
        ? Task.CompletedTask
        : ComposeAsync(cancel, ["pull", "--quiet", .. Names(Stack.Services.Where(service => !service.IsForeign).Select(service => service.Name))]);

    public override Task<ToolAnswer> RunAsync(ServiceCommand command, CancellationToken cancel) => CallAsync(
        new(
        [
            "docker", "exec", .. command.Input is null ? (string[])[] : ["--interactive"],
            // A name alone: docker takes its value from its own environment.
            .. command.Environment.Keys.SelectMany(name => (string[])["--env", name]),
            Container(command.Service), .. command.Line,
        ])
        { Environment = command.Environment, Input = command.Input, Output = command.Output, Limit = command.Limit },
        cancel);

    public override Task CreateAsync(CancellationToken cancel) => ComposeAsync(cancel, "up", "--no-start", "--no-recreate");

    public override string Named(IEnumerable<string> services) => string.Join(' ', Names(services));

    public override async Task<IAsyncDisposable> OpenBackupAsync(CancellationToken cancel)
    {
        if (!(await StatusAsync(cancel)).Single(status => status.Service == Timescale.Backup).IsRunning) await UpAsync(cancel, Timescale.Backup);
        return new AsyncDisposable(() => Task.CompletedTask);
    }

    public override async Task<IReadOnlyList<ServiceStatus>> StatusAsync(CancellationToken cancel)
    {
        var ids = await NamesAsync(cancel, "docker", "ps", "--all", "--quiet", "--filter", $"label={ProjectLabel}={Stack.Project}");
        using var containers = JsonDocument.Parse(ids.Count == 0 ? "[]" : await RequireAsync(["docker", "inspect", .. ids], cancel));
        var found = containers.RootElement.EnumerateArray().ToLookup(container => container.GetProperty("Config").GetProperty("Labels").GetProperty(ServiceLabel).GetString());
        return [.. Stack.Services.Select(service => Status(service, [.. found[ComposeFile.HostOf(service)]]))];
    }

    public override async Task<IReadOnlyList<string>> LogsAsync(string service, int lines, CancellationToken cancel)
    {
        var answer = await CallAsync(new(["docker", "logs", "--tail", $"{lines}", Container(service)]), cancel);
        return answer.Succeeded ? answer.Said.Split('\n') : [$"its log could not be read: {answer.Said}"];
    }

    public override async Task RemoveAsync(CancellationToken cancel)
    {
        await ComposeAsync(cancel, ["down", "--volumes", "--remove-orphans", "--timeout", "60"]);
        // What an earlier version of the manifests had, and this one doesn't name any more.
        foreach (var (kind, removal) in Removals)
            if (await FindAsync(kind, cancel) is { Count: > 0 } left) await RequireAsync(["docker", .. removal, .. left], cancel);
    }

    public override async Task<IReadOnlyList<string>> LeftAsync(CancellationToken cancel)
    {
        List<string> left = [];
        foreach (var (kind, _) in Removals) left.AddRange((await FindAsync(kind, cancel)).Select(name => $"{kind} {name}"));
        return left;
    }

    private static readonly (string Kind, string[] Removal)[] Removals = [("container", ["rm", "--force"]), ("volume", ["volume", "rm"]), ("network", ["network", "rm"])];

    private Task<IReadOnlyList<string>> FindAsync(string kind, CancellationToken cancel) => NamesAsync(
        cancel, ["docker", kind, "ls", .. kind == "container" ? (string[])["--all"] : [], "--filter", $"label={ProjectLabel}={Stack.Project}", "--format", kind == "container" ? "{{.Names}}" : "{{.Name}}"]);

    private async Task<IReadOnlyList<string>> NamesAsync(CancellationToken cancel, params string[] line) =>
        (await RequireAsync(line, cancel)).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private Task<string> ComposeAsync(CancellationToken cancel, params string[] arguments) => RequireAsync([.. _compose, .. arguments], cancel, Stack.Directory.Root);

    private IEnumerable<string> Names(IEnumerable<string> services) => services.Select(service => ComposeFile.HostOf(ServiceOf(service)));

    private string Container(string service) => Stack.Directory.Container(ComposeFile.ContainerOf(ServiceOf(service)));

    private static ServiceStatus Status(Service service, IReadOnlyList<JsonElement> containers)
    {
        if (containers.Count == 0) return new(service.Name, false, false, "has no container", "", 0);
        var container = containers[0];
        var state = container.GetProperty("State");
        var word = state.GetProperty("Status").GetString()!;
        var health = state.TryGetProperty("Health", out var reported) && reported.ValueKind == JsonValueKind.Object ? reported.GetProperty("Status").GetString() : null;
        var restarts = container.GetProperty("RestartCount").GetInt32();
        var said = word + (word is "exited" or "dead" ? $" with code {state.GetProperty("ExitCode").GetInt32()}" : health is null ? "" : $", {health}") + (restarts > 0 ? $", started again {Counted.Of(restarts, "time")}" : "");
        return new(service.Name, word == "running", word == "running" && health is null or "healthy", said, container.GetProperty("Config").GetProperty("Image").GetString() ?? "", restarts);
    }
}
