using System.Text.Json.Serialization;
using Portal.AppHost.Processes;
using Portal.AppHost.Topology;

namespace Portal.AppHost.Local;

/// <summary>What runs right now, as written to <c>state.json</c>.</summary>
internal sealed record EngineState
{
    /// <summary><c>local</c> or <c>aspire</c>.</summary>
    public required string Engine { get; init; }

    /// <summary>The engine itself.</summary>
    public required ProcessIdentity Process { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required EnginePhase Phase { get; init; }

    public required ServiceState Gateway { get; init; }

    public required DatabaseState Database { get; init; }

    public required IReadOnlyList<StackState> Stacks { get; init; }

    /// <summary>How the customers' pushes to the operators' stack were set up, in a sentence; null before that is known.</summary>
    public string? Fleet { get; init; }

    /// <summary>Which Grafana the stacks have, or that they have none and what to do, in a sentence; null where the engine doesn't say.</summary>
    public string? Grafana { get; init; }

    /// <summary>Every service, whose stack, and its name for people: <c>abc0001 ingest</c>.</summary>
    [JsonIgnore]
    public IEnumerable<(string Name, ServiceState Service)> Services =>
        Stacks.SelectMany(stack => stack.Services.Select(service => ($"{stack.Code} {service.Name}", service))).Append((Gateway.Name, Gateway));

    /// <summary>The same, and the simulators, which nothing waits for.</summary>
    [JsonIgnore]
    public IEnumerable<(string Name, ServiceState Service)> Programs =>
        Services.Concat(Stacks.Where(stack => stack.Simulator is not null).Select(stack => ($"{stack.Code} {stack.Simulator!.Name}", stack.Simulator)));

    /// <summary>Every process that would have to be ended if the engine were gone, those that use the database first.</summary>
    [JsonIgnore]
    public IEnumerable<ProcessIdentity> Children => Programs.Select(program => program.Service.Process).OfType<ProcessIdentity>();
}

internal enum EnginePhase
{
    Starting,
    Ready,
    Stopping,
}

/// <summary>A service as it is right now.</summary>
/// <param name="Url">Its own address; null for a program that listens to nobody.</param>
/// <param name="Restarts">How often it had to be started again.</param>
/// <param name="Note">Why it is not ready, where that is known.</param>
internal sealed record ServiceState(string Name, string? Url, ProcessPhase State, int Restarts, ProcessIdentity? Process, string Log, string? Note = null);

/// <summary>The server that holds every stack's database.</summary>
/// <param name="State">Null for a server that was given, which is not ours to look after.</param>
/// <param name="PasswordFile">Null for a server that was given.</param>
internal sealed record DatabaseState(
    string Host, int Port, string? User, string? PasswordFile, ProcessPhase? State, ProcessIdentity? Process, string? Log);

/// <summary>A stack as it is right now.</summary>
/// <param name="Simulator">Null when its meters are not simulated.</param>
internal sealed record StackState(
    string Code, RunMode Mode, string Url, string Database, IReadOnlyList<ServiceState> Services, ServiceState? Simulator);
