using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Publishing;
using Portal.AppHost.Local;
using Portal.AppHost.Topology;

namespace Portal.AppHost.Aspire;

/// <summary>
/// The topology as Aspire resources: one TimescaleDB container with a database per stack, every service of every stack
/// as a project <c>abc0001-api</c>, one gateway before them, and the simulated meters behind it.
/// </summary>
internal sealed class AspireModel
{
    private const string Http = "http";
    private const string Status = "status";
    private const string GatewayRoutes = "/data/routes";

    private readonly IDistributedApplicationBuilder _builder;
    private readonly UpOptions _options;
    private readonly StateFolder _folder;
    private readonly IResourceBuilder<PostgresServerResource> _timescale;
    private readonly IResourceBuilder<ParameterResource> _adminPassword;
    private readonly Dictionary<(string Stack, string Service), int> _ports = [];

    private AspireModel(IDistributedApplicationBuilder builder, UpOptions options, StateFolder folder)
    {
        (_builder, _options, _folder) = (builder, options, folder);
        var password = builder.AddParameter(
            "timescale-password", new GenerateParameterDefault { MinLength = 22, Special = false }, secret: true, persist: true);
        // The image before the volume: where the data lies inside depends on the image's version.
        _timescale = builder.AddPostgres("timescale", password: password)
            .WithImage(Images.Timescale, Images.TimescaleTag)
            .WithDataVolume("tau-acuvim-portal-timescale")
            .WithLifetime(ContainerLifetime.Persistent)
            // The image's own limit suits one small application, not the pools of many stacks.
            .WithArgs("-c", "max_connections=500");
        if (IsRun) builder.Configuration[$"Parameters:{Stacks.AdminPassword}"] = options.AdminPassword ?? AdminPassword.Default;
        _adminPassword = builder.AddParameter(Stacks.AdminPassword, secret: true);
    }

    private bool IsRun => _builder.ExecutionContext.IsRunMode;

    /// <summary>Adds every stack, the gateway and the simulators.</summary>
    public static void Add(IDistributedApplicationBuilder builder, UpOptions options, StateFolder folder)
    {
        var model = new AspireModel(builder, options, folder);
        var stacks = Stacks.Fleet(options.Customers, options.Simulate);
        var services = stacks.ToDictionary(stack => stack, model.AddStack);
        var gateway = model.AddGateway(stacks);
        if (!model.IsRun) return;
        foreach (var stack in stacks.Where(stack => stack.SimulatedFleet is not null)) model.AddSimulator(stack, gateway, services[stack]);
    }

    private Dictionary<string, IResourceBuilder<ProjectResource>> AddStack(Stack stack)
    {
        var database = _timescale.AddDatabase($"{stack.Code}-db", stack.Database);
        var services = stack.Services.ToDictionary(service => service.Name, service => AddService(stack, service, database));
        foreach (var service in stack.Services)
        {
            foreach (var (name, setting) in stack.EnvironmentOf(service)) Set(services[service.Name], stack, service, name, setting, database, services);
            foreach (var other in service.WaitsFor) services[service.Name].WaitFor(services[other]);
        }

        return services;
    }

    private IResourceBuilder<ProjectResource> AddService(Stack stack, Service service, IResourceBuilder<PostgresDatabaseResource> database)
    {
        var project = AddProject($"{stack.Code}-{service.Name}", service, _ports[(stack.Code, service.Name)] = FreePort.Next())
            .WithHttpHealthCheck(service.ReadyPath, endpointName: Http)
            .WithParentRelationship(database.Resource);
        if (!IsRun) return project;

        // What a person opens goes through the gateway; a service's own address is for looking closer.
        return project.WithUrlForEndpoint(Http, url => url.DisplayText = $"{stack.Code} {service.Name}, without the gateway");
    }

    private void Set(
        IResourceBuilder<ProjectResource> project, Stack stack, Service service, string name, Setting setting,
        IResourceBuilder<PostgresDatabaseResource> database, Dictionary<string, IResourceBuilder<ProjectResource>> services)
    {
        switch (setting)
        {
            case Setting.Literal literal:
                project.WithEnvironment(name, literal.Text);
                break;
            case Setting.EndpointOf endpoint:
                project.WithEnvironment(name, services[endpoint.Service].GetEndpoint(Http));
                break;
            case Setting.Database:
                // "ConnectionStrings__portal" is what the reference under the name "portal" becomes.
                project.WithReference(database, connectionName: name["ConnectionStrings__".Length..]).WaitFor(database);
                break;
            case Setting.SecretOf { Name: Stacks.AdminPassword }:
                project.WithEnvironment(name, _adminPassword);
                break;
            case Setting.SecretFile file when IsRun:
                project.WithEnvironment(name, _folder.Secret(stack.Code, file.Name));
                break;
            case Setting.SecretFile file when name.EndsWith("File", StringComparison.Ordinal):
                // Elsewhere nobody writes files for it: the variable that holds the secret itself is named without "File".
                project.WithEnvironment(name[..^"File".Length], _builder.AddParameter($"{stack.Code}-{file.Name}", secret: true));
                break;
            case Setting.PublicUrl:
                project.WithEnvironment(name, _options.UrlOf(stack.Code));
                break;
            case Setting.AdminUrl admin:
                project.WithEnvironment(name, _options.UrlOf(Stacks.AdminCode) + admin.Path);
                break;
            case Setting.FolderOf folder:
                project.WithEnvironment(name, IsRun
                    ? _folder.Volume(stack.Code, folder.Volume)
                    : service.Mounts.Single(mount => mount.Volume == folder.Volume).ContainerPath);
                break;
            default:
                throw new InvalidOperationException($"{stack.Code} {service.Name} has the setting {name}, which this engine does not know.");
        }
    }

    private IResourceBuilder<ProjectResource> AddGateway(IReadOnlyList<Stack> stacks)
    {
        var statusPort = FreePort.Next();
        var gateway = AddProject(Gateway.Name, Gateway.Service, _options.Port)
            .WithExternalHttpEndpoints()
            .WithUrlForEndpoint(Http, url =>
            {
                url.Url = _options.UrlOf(Stacks.AdminCode);
                url.DisplayText = "operators; customers have names of their own instead of admin";
            });
        WithPort(gateway, Status, statusPort)
            .WithHttpHealthCheck(Gateway.Service.ReadyPath, endpointName: Status)
            .WithEnvironment(Gateway.StatusPort, $"{statusPort}")
            .WithEnvironment(Gateway.RoutesPath, IsRun ? _folder.Routes : GatewayRoutes);
        if (IsRun) WriteRoutes(stacks);
        return gateway;
    }

    // Every port is known before anything starts, so the gateway's files can be written right away.
    private void WriteRoutes(IReadOnlyList<Stack> stacks)
    {
        Directory.CreateDirectory(_folder.Routes);
        foreach (var stale in Directory.EnumerateFiles(_folder.Routes)) File.Delete(stale);
        foreach (var stack in stacks)
            File.WriteAllText(
                Path.Combine(_folder.Routes, $"{stack.Code}.json"),
                Gateway.StackFile(stack, UpOptions.Domain, service => $"http://127.0.0.1:{_ports[(stack.Code, service.Name)]}"));
    }

    private void AddSimulator(Stack stack, IResourceBuilder<ProjectResource> gateway, Dictionary<string, IResourceBuilder<ProjectResource>> services)
    {
        var keyFile = Path.Combine(_folder.Stack(stack.Code), "simulator-key");
        var simulator = AddProject($"{stack.Code}-{Simulator.Name}", Simulator.Program, port: null)
            .WithArgs([.. Simulator.Arguments(stack, UpOptions.Domain, $"http://127.0.0.1:{_options.Port}", keyFile)])
            .WithEnvironment(Simulator.PasswordVariable, _adminPassword)
            .WaitFor(gateway);
        foreach (var service in services.Values) simulator.WaitFor(service);
    }

    private IResourceBuilder<ProjectResource> AddProject(string name, Service service, int? port)
    {
        var project = _builder.AddProject(name, Path.Combine(_builder.AppHostDirectory, "..", service.ProjectFile), launchProfileName: null);
        if (IsRun) project.WithEnvironment("ASPNETCORE_ENVIRONMENT", "Development").WithEnvironment("DOTNET_ENVIRONMENT", "Development");
        return port is { } given ? WithPort(project, Http, given) : project;
    }

    // On a developer's machine a service listens on its port itself; elsewhere the platform gives it one.
    private IResourceBuilder<ProjectResource> WithPort(IResourceBuilder<ProjectResource> project, string endpoint, int port) => IsRun
        ? project.WithHttpEndpoint(port: port, targetPort: port, name: endpoint, isProxied: false)
        : project.WithHttpEndpoint(name: endpoint);
}
