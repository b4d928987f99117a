using MeterSimulator.Fleet;
using MeterSimulator.Portal;
using MeterSimulator.Running;
using Microsoft.Extensions.Time.Testing;

namespace MeterSimulator.Tests;

/// <summary>A simulation against a <see cref="VirtualPortal"/>, by a clock that the test turns.</summary>
internal sealed class RunningFleet : IAsyncDisposable
{
    public const string Key = "pik_of_the_test";
    public static readonly DateTimeOffset Start = new(2026, 11, 23, 10, 0, 30, TimeSpan.Zero);

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly CancellationTokenSource _stop = new();
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseCookies = false });
    private readonly CollectedLog _log = new();

    public RunningFleet(VirtualPortal portal, RunOptions options)
    {
        Fleet = FleetPlan.Create(options.Fleet);
        var ingest = new IngestClient(_http, new(portal.Url, VirtualPortal.Host), Key, Time);
        Simulation = new(Fleet, options, ingest, new(_log, Time), Time);
        Ended = Simulation.RunAsync(_stop.Token);
    }

    public FakeTimeProvider Time { get; } = new(Start);

    public FleetPlan Fleet { get; }

    public Simulation Simulation { get; }

    public Task Ended { get; }

    public string Log => _log.Text;

    /// <summary>Turns the clock second by second, or by other steps (none: it stands still), until it is so.</summary>
    public async Task UntilAsync(Func<bool> condition, TimeSpan? step = null)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            if (Ended.IsFaulted) await Ended;
            if (TimeProvider.System.GetElapsedTime(begun) > Patience) Assert.Fail($"It never came to that. The log ends with:\n{Log[^Math.Min(Log.Length, 2000)..]}");
            Time.Advance(step ?? TimeSpan.FromSeconds(1));
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System);
        }
    }


    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Ended.WaitAsync(TimeSpan.FromSeconds(20)));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Ended.ContinueWith(_ => { }, TaskScheduler.Default);
        _http.Dispose();
        _stop.Dispose();
    }
}
