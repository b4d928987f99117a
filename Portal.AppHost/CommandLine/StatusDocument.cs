using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Portal.AppHost.Local;
using Portal.AppHost.Processes;
using Portal.AppHost.Topology;

namespace Portal.AppHost.CommandLine;

/// <summary>The answer of <c>./portal status --json</c>: its names are a contract with other programs.</summary>
internal sealed record StatusDocument(
    string? Engine, EnginePhase? Phase, int? Pid, DateTimeOffset? StartedAt, StatusDocument.Service? Gateway, StatusDocument.Server? Database,
    IReadOnlyList<StatusDocument.StackItem> Stacks, string? Fleet, string? Grafana)
{
    public static JsonSerializerOptions Json { get; } = new(StateFile.Json)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.Never,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>A running program; <paramref name="State"/> is <c>ready</c> once it can do its work.</summary>
    internal sealed record Service(string Name, string? Url, int? Pid, ProcessPhase State, int Restarts, string? Note, string Log);

    /// <summary>The database server; <paramref name="Pid"/> is its main process, null for a server that was given.</summary>
    internal sealed record Server(string Host, int Port, int? Pid, ProcessPhase? State, string? User, string? PasswordFile, string? Log);

    internal sealed record StackItem(string Code, RunMode Mode, string Url, string Database, IReadOnlyList<Service> Services, Service? Simulator);

    /// <summary>The document of a state, or that of nothing running.</summary>
    public static StatusDocument Of(EngineState? state) => state is null
        ? new(null, null, null, null, null, null, [], null, null)
        : new(
            state.Engine, state.Phase, state.Process.Pid, state.StartedAt, Of(state.Gateway),
            new(state.Database.Host, state.Database.Port, state.Database.Process?.Pid, state.Database.State, state.Database.User, state.Database.PasswordFile, state.Database.Log),
            [.. state.Stacks.Select(stack => new StackItem(stack.Code, stack.Mode, stack.Url, stack.Database, [.. stack.Services.Select(Of)], stack.Simulator is { } meters ? Of(meters) : null))], state.Fleet, state.Grafana);

    private static Service Of(ServiceState service) =>
        new(service.Name, service.Url, service.Process?.Pid, service.State, service.Restarts, service.Note, service.Log);
}
