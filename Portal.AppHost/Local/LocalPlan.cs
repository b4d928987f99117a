using Npgsql;
using Portal.AppHost.Topology;

namespace Portal.AppHost.Local;

/// <summary>The topology on one machine: every service of every stack gets a port of loopback, and settings become text.</summary>
internal sealed class LocalPlan
{
    private readonly UpOptions _options;
    private readonly StateFolder _folder;
    private readonly string _adminPassword;
    private readonly Func<string, string> _connectionString;
    private readonly GrafanaInstallation? _grafana;
    private readonly string _repository;
    private readonly Dictionary<(string Stack, string Service), int> _ports;

    /// <param name="connectionString">How to reach a database by its name.</param>
    /// <param name="grafana">What runs the stacks' Grafana; null where no stack has one.</param>
    /// <param name="repository">The repository's root, where what isn't built is read from.</param>
    public LocalPlan(
        UpOptions options, IReadOnlyList<Stack> stacks, StateFolder folder, string adminPassword, Func<string, string> connectionString,
        GrafanaInstallation? grafana = null, string repository = "")
    {
        (_grafana, _repository) = (grafana, repository);
        (_options, _folder, _adminPassword, _connectionString) = (options, folder, adminPassword, connectionString);
        Stacks = stacks;
        _ports = stacks.SelectMany(stack => stack.Services.Select(service => (stack.Code, service.Name))).ToDictionary(key => key, _ => FreePort.Next());
        Services = [.. stacks.SelectMany(stack => stack.Services.Select(service => Plan(stack, service)))];
        Gateway = PlanGateway(FreePort.Next());
    }

    public IReadOnlyList<Stack> Stacks { get; }

    public IReadOnlyList<ServicePlan> Services { get; }

    public ServicePlan Gateway { get; }

    /// <summary>The content of the gateway's file of a stack.</summary>
    public string Routes(Stack stack) => Topology.Gateway.StackFile(stack, UpOptions.Domain, service => UrlOf(stack, service.Name));

    /// <summary>The program that plays a stack's meters.</summary>
    public ServicePlan SimulatorOf(Stack stack) =>
        new(stack, Simulator.Program, 0, Environment(stack.Code, Simulator.Program, []).With(Simulator.PasswordVariable, _adminPassword));

    /// <summary>The gateway as programs of this machine reach it; they name the stack by the Host header.</summary>
    public string GatewayUrl => $"http://127.0.0.1:{_options.Port}";

    public string PublicUrl(Stack stack) => _options.UrlOf(stack.Code);

    private ServicePlan Plan(Stack stack, Service service)
    {
        var settings = stack.EnvironmentOf(service).Select(setting => KeyValuePair.Create(setting.Key, (string?)Text(stack, service, setting.Value)));
        return new(stack, service, _ports[(stack.Code, service.Name)],
            Environment(stack.Code, service, settings).With("ASPNETCORE_URLS", UrlOf(stack, service.Name)))
        {
            Line = service.IsForeign ? _grafana!.Line : null,
        };
    }

    private ServicePlan PlanGateway(int statusPort) => new(null, Topology.Gateway.Service, statusPort, Environment(null, Topology.Gateway.Service, [])
        // "localhost" makes Kestrel listen on 127.0.0.1 and, where the machine has it, on ::1, which browsers try first.
        .With("ASPNETCORE_URLS", $"http://localhost:{_options.Port};http://127.0.0.1:{statusPort}")
        .With(Topology.Gateway.RoutesPath, _folder.Routes)
        .With(Topology.Gateway.StatusPort, $"{statusPort}"));

    private string Text(Stack stack, Service service, Setting setting) => setting switch
    {
        Setting.Literal literal => literal.Text,
        Setting.EndpointOf endpoint => UrlOf(stack, endpoint.Service),
        Setting.Database => _connectionString(stack.Database),
        Setting.DatabasePart { Part: var part } => PartOf(new NpgsqlConnectionStringBuilder(_connectionString(stack.Database)), part),
        Setting.SecretOf { Name: Topology.Stacks.AdminPassword } => _adminPassword,
        Setting.SecretOf secret => File.ReadAllText(_folder.Secret(stack.Code, secret.Name)),
        Setting.SecretFile file => _folder.Secret(stack.Code, file.Name),
        Setting.PublicUrl url => PublicUrl(stack) + url.Path,
        Setting.OwnHost => "127.0.0.1",
        Setting.OwnPort => $"{_ports[(stack.Code, service.Name)]}",
        Setting.GatewayAddresses => "127.0.0.1,::1",
        Setting.RepositoryPath path => Path.Combine(_repository, path.Path),
        Setting.AdminUrl admin => _options.UrlOf(Topology.Stacks.AdminCode) + admin.Path,
        Setting.FolderOf folder => _folder.Volume(stack.Code, folder.Volume),
        _ => throw new InvalidOperationException($"{stack.Code} has the setting {setting}, which this engine does not know."),
    };

    private static string PartOf(NpgsqlConnectionStringBuilder database, DatabasePart part) => part switch
    {
        DatabasePart.Host => database.Host!,
        DatabasePart.Port => $"{database.Port}",
        _ => database.Database!,
    };

    private string UrlOf(Stack stack, string service) => $"http://127.0.0.1:{_ports[(stack.Code, service)]}";

    /// <summary>What every process gets. A developer's own database or Grafana, and a token of another fleet, must not reach a stack.</summary>
    private static Dictionary<string, string?> Environment(string? stack, Service service, IEnumerable<KeyValuePair<string, string?>> settings)
    {
        string[] foreign = ["Database__ConnectionString", "FleetIngest__Token", "ASPNETCORE_HTTP_PORTS", "ASPNETCORE_HTTPS_PORTS", "DOTNET_URLS", "URLS"];
        string[] prefixes = ["POSTGRES_", "GF_"];
        var own = System.Environment.GetEnvironmentVariables().Keys.Cast<string>().Where(name => prefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal)));
        var environment = foreign.Concat(own).ToDictionary(name => name, _ => (string?)null);
        foreach (var (name, value) in settings) environment[name] = value;
        environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        environment["DOTNET_ENVIRONMENT"] = "Development";
        environment["OTEL_SERVICE_NAME"] = stack is null ? service.Name : $"{stack}-{service.Name}";
        return environment;
    }
}

file static class Variables
{
    public static Dictionary<string, string?> With(this Dictionary<string, string?> environment, string name, string value)
    {
        environment[name] = value;
        return environment;
    }
}
