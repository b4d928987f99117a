using Portal.AppHost.Processes;
using Portal.AppHost.Registration;
using Portal.AppHost.Topology;

namespace Portal.AppHost.Local;

/// <summary>
/// The topology as plain child processes beside a private PostgreSQL. Everything starts side by side; the services
/// wait for the schema by themselves. It ends in order: whoever uses the database first, the database last.
/// </summary>
internal sealed class LocalEngine : IDisposable
{
    // A service keeps a handful of connections open, a burst takes more; a hundred are for people and jobs.
    private const int ConnectionsPerStack = 60;
    private const int ConnectionsBesides = 100;

    private readonly StateFolder _folder;
    private readonly Repository _repository;
    private readonly TimeProvider _clock;
    private readonly EngineLog _log;
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _kill = new();
    private readonly List<SupervisedService> _services = [];
    private readonly List<SupervisedService> _simulators = [];
    private readonly List<Task> _running = [];
    private readonly Lock _lock = new();
    private readonly DateTimeOffset _startedAt;
    private EnginePhase _phase = EnginePhase.Starting;
    private LocalDatabase? _database;
    private LocalPlan? _plan;
    private string _adminPassword = "";
    private string? _grafana;
    private CustomerRegistration? _registration;

    public LocalEngine(StateFolder folder, Repository repository, EngineLog log, TimeProvider clock)
    {
        (_folder, _repository, _log, _clock) = (folder, repository, log, clock);
        _startedAt = clock.GetUtcNow();
    }

    /// <summary>How everything is right now; null before the first process.</summary>
    public EngineState? State
    {
        get
        {
            lock (_lock) return _plan is null || _database is null ? null : Snapshot(_plan, _database);
        }
    }

    /// <summary>The password of the first admins.</summary>
    public string AdminPassword => _adminPassword;

    /// <summary>Starts every process and returns at once; they get ready side by side.</summary>
    public async Task StartAsync(UpOptions options, Action<string> tell, CancellationToken cancel)
    {
        _adminPassword = await Local.AdminPassword.ResolveAsync(_folder, options.AdminPassword, cancel);
        (var grafana, _grafana) = GrafanaInstallation.Find(options.Grafana);
        var stacks = Stacks.Fleet(options.Customers, options.Simulate);
        if (grafana is not null) stacks = [.. stacks.Select(Grafana.Beside)];
        tell("Starting the database.");
        _database = options.Database is { } given
            ? await LocalDatabase.UseAsync(given, cancel)
            : await LocalDatabase.StartAsync(_folder, (stacks.Count * ConnectionsPerStack) + ConnectionsBesides, tell, (before, after) => Changed("database", before, after), cancel);
        foreach (var stack in stacks) await _database.CreateAsync(stack.Database, cancel);

        if (grafana is not null)
            foreach (var stack in stacks) await GrafanaFiles.WriteAsync(_folder, _repository, stack, cancel);

        var plan = new LocalPlan(options, stacks, _folder, _adminPassword, _database.ConnectionString, grafana, _repository.Root);
        await GatewayFiles.WriteAsync(_folder, plan, cancel);
        lock (_lock)
        {
            foreach (var service in plan.Services.Append(plan.Gateway)) _services.Add(new(service, _repository, _folder, Changed));
            _plan = plan;
        }

        _registration = new CustomerRegistration(options, _adminPassword, _folder, _clock);
        WriteState();
        foreach (var service in _services) _running.Add(service.Process.RunAsync(_stop.Token, _kill.Token));
    }

    /// <summary>Ends once every service of ours is ready at the same time. Then the meters are started, and the customers are registered if that goes well.</summary>
    public async Task ReadyAsync(CancellationToken cancel)
    {
        var ours = _services.Where(service => !service.Plan.Service.IsForeign).ToArray();
        while (ours.Any(service => service.Process.State.Phase != ProcessPhase.Ready))
            foreach (var service in ours) await service.Process.WaitForAsync(state => state.Phase == ProcessPhase.Ready, cancel);
        StartSimulators();
        await _registration!.StartAsync(SaidLater, _stop.Token).WaitAsync(cancel);
        _phase = EnginePhase.Ready;
        WriteState();
    }

    /// <summary>Ends every child and returns when all are gone; after a call of <see cref="Kill"/> without waiting for any.</summary>
    public async Task StopAsync()
    {
        _phase = EnginePhase.Stopping;
        WriteState();
        await _stop.CancelAsync();
        await Task.WhenAll(_running);
        if (_registration is not null) await _registration.EndAsync();
        if (_database is not null) await _database.StopAsync();
        foreach (var service in _services.Concat(_simulators)) service.Dispose();
        StateFile.Delete(_folder);
    }

    /// <summary>Makes a stop that is under way an immediate one.</summary>
    public void Kill()
    {
        _kill.Cancel();
        _database?.Kill();
    }

    public void Dispose()
    {
        _stop.Dispose();
        _kill.Dispose();
        _database?.Dispose();
    }

    private void StartSimulators()
    {
        foreach (var stack in _plan!.Stacks.Where(stack => stack.SimulatedFleet is not null))
        {
            var arguments = Simulator.Arguments(stack, UpOptions.Domain, _plan.GatewayUrl, Path.Combine(_folder.Stack(stack.Code), "simulator-key"));
            var simulator = new SupervisedService(_plan.SimulatorOf(stack), _repository, _folder, Changed, arguments);
            lock (_lock) _simulators.Add(simulator);
            _running.Add(simulator.Process.RunAsync(_stop.Token, _kill.Token));
        }
    }

    private void SaidLater(string sentence)
    {
        WriteState();
        _log.Write($"Fleet: {sentence}");
    }

    private void Changed(string name, SupervisedState before, SupervisedState after)
    {
        WriteState();
        if (_phase != EnginePhase.Stopping) _log.Note(name, before, after, ReasonOf(name));
    }

    private string? ReasonOf(string name) => All.FirstOrDefault(service => service.Process.Name == name)?.Reason;

    private SupervisedService[] All
    {
        get
        {
            lock (_lock) return [.. _services, .. _simulators];
        }
    }

    private void WriteState()
    {
        lock (_lock)
            if (_plan is not null && _database is not null) StateFile.Write(_folder, Snapshot(_plan, _database));
    }

    private EngineState Snapshot(LocalPlan plan, LocalDatabase database) => new()
    {
        Engine = "local",
        Process = ProcessIdentity.Own,
        StartedAt = _startedAt,
        Phase = _phase,
        Gateway = _services.Single(service => service.Plan == plan.Gateway).State with { Url = plan.GatewayUrl },
        Database = database.State,
        Fleet = _registration?.Said,
        Grafana = _grafana,
        Stacks =
        [
            .. plan.Stacks.Select(stack => new StackState(
                stack.Code, stack.Mode, plan.PublicUrl(stack), stack.Database,
                [.. _services.Where(service => service.Plan.Stack == stack).Select(service => service.State)],
                _simulators.SingleOrDefault(simulator => simulator.Plan.Stack == stack)?.State)),
        ],
    };
}
