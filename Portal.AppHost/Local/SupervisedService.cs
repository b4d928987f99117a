using Portal.AppHost.Processes;

namespace Portal.AppHost.Local;

/// <summary>A planned service that is kept running, with its log.</summary>
internal sealed class SupervisedService : IDisposable
{
    private readonly LogFile _log;

    /// <param name="changed">Is told every change of state with the service's name.</param>
    /// <param name="arguments">Its command line; services have none, they are told everything by their environment.</param>
    public SupervisedService(
        ServicePlan plan, Repository repository, StateFolder folder, Action<string, SupervisedState, SupervisedState> changed, IReadOnlyList<string>? arguments = null)
    {
        Plan = plan;
        _log = new LogFile(folder.Log(plan.Stack?.Code, plan.Service.Name));
        var options = new SupervisedOptions
        {
            Name = plan.Name,
            // A program that listens to nobody is ready when it runs.
            IsReady = cancel => plan.Port == 0 ? Task.FromResult(true) : HealthProbe.IsReadyAsync(plan.Url + plan.Service.ReadyPath, cancel),
            Line = _log.Write,
            Changed = (before, after) =>
            {
                // What it said while it started is no reason for anything that happens later.
                if (after.Phase == ProcessPhase.Ready) _log.ForgetLastLines();
                changed(plan.Name, before, after);
            },
        };
        Process = new SupervisedProcess(
            options,
            () =>
            {
                _log.ForgetLastLines();
                return plan.Launch(repository, arguments ?? [], _log.Write);
            },
            TimeProvider.System);
    }

    public ServicePlan Plan { get; }

    public SupervisedProcess Process { get; }

    /// <summary>Why it is not ready, as far as its log tells.</summary>
    public string? Reason => LogReading.Reason(_log.LastLines);

    public ServiceState State
    {
        get
        {
            var state = Process.State;
            return new(
                Plan.Service.Name, Plan.Port == 0 ? null : Plan.Url, state.Phase, state.Restarts, state.Process, _log.FilePath,
                state.Phase is ProcessPhase.Ready or ProcessPhase.Stopping or ProcessPhase.Stopped ? null : Reason);
        }
    }

    public void Dispose() => _log.Dispose();
}
