using System.Text;
using Portal.AppHost.Manifests;
using Portal.AppHost.Topology;

namespace Portal.AppHost.Operations;

/// <summary>
/// Where a stack runs, and how it is told to. Services go by their names in the topology (<c>api</c>, <c>timescaledb</c>, …). No call has a secret in
/// an argument: arguments are seen by everybody on the host.
/// </summary>
/// <exception cref="StepFailedException">The tool refused; holds what it said. The same for every method.</exception>
internal abstract class StackHost(DeployedStack stack, Toolbox tools, TimeProvider clock)
{
    // Pulling images over a slow line takes longest.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(30);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    protected DeployedStack Stack => stack;

    /// <summary>The tool that answers, and where, for a person: <c>docker compose</c>, <c>kubectl, context production</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The host of a stack's target.</summary>
    /// <param name="context">Kubernetes: the context of kubectl; null for the current one.</param>
    /// <exception cref="UsageException">Its tool is missing or does not answer; says what to do, and that nothing was changed.</exception>
    public static async Task<StackHost> FindAsync(DeployedStack stack, Toolbox tools, TimeProvider clock, CancellationToken cancel, string? context = null) =>
        stack.Target == Target.Compose ? await ComposeHost.FindAsync(stack, tools, clock, cancel) : await KubernetesHost.FindAsync(stack, tools, clock, context, cancel);

    /// <summary>The command line of what <see cref="UpAsync"/> runs, for plans.</summary>
    public abstract string Says(string action);

    /// <summary>Brings services to what the manifests and variables say now, without waiting until they are healthy.</summary>
    /// <param name="services">These alone; none: all of the stack.</param>
    public abstract Task UpAsync(CancellationToken cancel, params string[] services);

    /// <summary>Stops services and leaves their data; returns when they are gone.</summary>
    public abstract Task StopAsync(CancellationToken cancel, params string[] services);

    /// <summary>Starts what was stopped.</summary>
    public abstract Task StartAsync(CancellationToken cancel, params string[] services);

    /// <summary>Fetches our images, where they come from a registry.</summary>
    public abstract Task PullAsync(CancellationToken cancel);

    /// <summary>Runs a command in a service's running container.</summary>
    /// <returns>What it answered, whatever its exit code.</returns>
    public abstract Task<ToolAnswer> RunAsync(ServiceCommand command, CancellationToken cancel);

    /// <summary>
    /// Makes what is missing of its containers and volumes, without starting them: a volume belongs to the user of the first container that it is made
    /// for, and the backup's is nobody's. On Kubernetes, where claims belong to nobody, nothing.
    /// </summary>
    public abstract Task CreateAsync(CancellationToken cancel);

    /// <summary>Services as its tool calls them, for plans.</summary>
    public virtual string Named(IEnumerable<string> services) => string.Join(' ', services);

    /// <summary>Makes the service <c>backup</c> one that <see cref="RunAsync"/> reaches: on Kubernetes it has a pod at night alone.</summary>
    /// <returns>To be disposed of when no more is to be run there.</returns>
    public abstract Task<IAsyncDisposable> OpenBackupAsync(CancellationToken cancel);

    /// <summary>How each of the stack's services is; of one that has no container at all, that.</summary>
    public abstract Task<IReadOnlyList<ServiceStatus>> StatusAsync(CancellationToken cancel);

    /// <summary>The last lines that a service logged, oldest first, of all its containers.</summary>
    public abstract Task<IReadOnlyList<string>> LogsAsync(string service, int lines, CancellationToken cancel);

    /// <summary>Removes its containers, networks and volumes, data and all; what is gone already is no error.</summary>
    public abstract Task RemoveAsync(CancellationToken cancel);

    /// <summary>What of it is still there, by names; none after <see cref="RemoveAsync"/>.</summary>
    public abstract Task<IReadOnlyList<string>> LeftAsync(CancellationToken cancel);

    /// <summary>Copies a stream into a file of a service's container, which only its user may read.</summary>
    public async Task CopyInAsync(string service, Stream from, string path, CancellationToken cancel) =>
        Require(await RunAsync(new(service, ["sh", "-c", "umask 077; cat > \"$1\"", "sh", path]) { Input = from, Limit = Longest }, cancel), $"{path} of {service} could not be written");

    /// <summary>Waits until services are healthy.</summary>
    /// <param name="services">These alone; none: all of the stack.</param>
    /// <exception cref="StepFailedException">They are not after <paramref name="patience"/>; says which, and their last lines.</exception>
    public async Task WaitUntilHealthyAsync(TimeSpan patience, CancellationToken cancel, params string[] services)
    {
        var from = clock.GetTimestamp();
        while (true)
        {
            var ill = (await StatusAsync(cancel)).Where(status => (services.Length == 0 || services.Contains(status.Service)) && !status.IsHealthy).ToList();
            if (ill.Count == 0) return;
            if (clock.GetElapsedTime(from) < patience)
            {
                await Task.Delay(Pause, clock, cancel);
                continue;
            }

            var text = new StringBuilder($"Not healthy after {patience.TotalMinutes:0.#} minutes: {string.Join("; ", ill.Select(status => $"{status.Service} ({status.Said})"))}.");
            foreach (var status in ill.Take(3))
                foreach (var line in await LogsAsync(status.Service, 5, cancel)) text.Append('\n').Append(status.Service).Append(": ").Append(stack.Redacted(line));
            throw new StepFailedException(text.ToString(), $"Look at the logs above; ./portal verify --directory {stack.Directory.Root} says more.");
        }
    }

    /// <summary>Runs a tool for this stack: without variables of ours that would come before those of <c>.env</c>.</summary>
    protected Task<ToolAnswer> CallAsync(ToolCall call, CancellationToken cancel) => tools.RunAsync(
        call with { Without = ["COMPOSE_FILE", "COMPOSE_PROFILES", .. stack.Variables.Values.Select(variable => variable.Name).Where(name => !call.Environment.ContainsKey(name))] }, cancel);

    /// <summary>The same of what must succeed, and takes its time.</summary>
    protected async Task<string> RequireAsync(IReadOnlyList<string> line, CancellationToken cancel, string folder = "/") =>
        Require(await CallAsync(new(line) { Folder = folder, Limit = Longest }, cancel), string.Join(' ', line)).Output;

    /// <exception cref="StepFailedException">The tool failed.</exception>
    protected ToolAnswer Require(ToolAnswer answer, string what)
    {
        if (answer.Succeeded) return answer;
        var lines = stack.Redacted(answer.Said).Split('\n');
        throw new StepFailedException(string.Join('\n', lines.TakeLast(15).Prepend($"{what}: exit code {answer.ExitCode}.")));
    }

    protected Service ServiceOf(string name) => stack.Services.Single(service => service.Name == name);
}

/// <summary>A command inside a service's container.</summary>
/// <param name="Service">The service's name in the topology.</param>
/// <param name="Line">The program and its arguments; no secret.</param>
internal sealed record ServiceCommand(string Service, IReadOnlyList<string> Line)
{
    /// <summary>Variables that the command sees besides the container's own; may be secrets, of one line.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    public Stream? Input { get; init; }

    /// <summary>Where its output goes; null: into the answer.</summary>
    public Stream? Output { get; init; }

    public TimeSpan Limit { get; init; } = TimeSpan.FromMinutes(2);
}
