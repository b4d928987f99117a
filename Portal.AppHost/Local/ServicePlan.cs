using Portal.AppHost.Processes;
using Portal.AppHost.Topology;

namespace Portal.AppHost.Local;

/// <summary>One service of one stack as a process of this machine.</summary>
/// <param name="Stack">Null for the gateway, which serves every stack.</param>
/// <param name="Port">The port that it is asked for readiness on.</param>
/// <param name="Environment">Variables besides our own; null takes one away.</param>
internal sealed record ServicePlan(Stack? Stack, Service Service, int Port, IReadOnlyDictionary<string, string?> Environment)
{
    public string Url => $"http://127.0.0.1:{Port}";

    /// <summary>Program and arguments of what isn't ours; null for a service of the repository.</summary>
    public IReadOnlyList<string>? Line { get; init; }

    /// <summary>Its name for people.</summary>
    public string Name => Stack is null ? Service.Name : $"{Stack.Code} {Service.Name}";

    public ChildProcess Launch(Repository repository, IReadOnlyList<string> arguments, Action<string> line) => ChildProcess.Start(
        Detached.Start(
            [.. Line ?? [Repository.Dotnet, repository.Program(Service.Project)], .. arguments],
            Service.IsForeign ? "/" : Path.Combine(repository.Root, Service.ProjectFolder, Service.Project),
            Environment),
        line);
}
