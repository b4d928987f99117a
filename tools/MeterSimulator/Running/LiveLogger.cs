using MeterSimulator.Fleet;
using MeterSimulator.Loads;
using MeterSimulator.Posts;

namespace MeterSimulator.Running;

/// <summary>
/// One data logger from now on: a pulse that notes a reading each interval, and a sender that empties the cache whenever the link is
/// up. The two never wait for each other, so a portal that is away costs no reading.
/// </summary>
internal sealed class LiveLogger : IDisposable
{
    private const int MostHeldBack = 3;

    private readonly DataLogger _logger;
    private readonly RunOptions _options;
    private readonly SimulatedClock _clock;
    private readonly Link _link;
    private readonly Delivery _delivery;
    private readonly Tally _tally;
    private readonly ModuleCache _cache;
    private readonly SemaphoreSlim _wake = new(0);
    private readonly int _step;
    private readonly ulong _key;

    public LiveLogger(DataLogger logger, RunOptions options, SimulatedClock clock, Link link, Delivery delivery, Tally tally)
    {
        (_logger, _options, _clock, _link, _delivery, _tally) = (logger, options, clock, link, delivery, tally);
        _step = options.StepSeconds * logger.IntervalMultiple;
        _cache = new(_step, options.Replay);
        _key = Noise.Key(Noise.Key((ulong)options.Fleet.Seed, "live"), logger.Name);
    }

    /// <summary>Device-instants that wait to be posted; not those that are only gathered for the next post.</summary>
    public long Waiting => Math.Max(0, _cache.Count - (_logger.ReadingsPerPost - 1)) * _logger.Meters.Count;

    /// <summary>Goes on until it is cancelled, from the first reading that is due after a time.</summary>
    public Task RunAsync(DateTimeOffset after, CancellationToken cancellation) =>
        Task.WhenAll(PulseAsync(FirstAfter(after), cancellation), SendAsync(cancellation));

    /// <summary>Posts the readings that were due in (after, until], as they would come from the cache, and returns.</summary>
    public async Task OnceAsync(DateTimeOffset after, DateTimeOffset until, CancellationToken cancellation)
    {
        for (var at = FirstAfter(after); at <= until.ToUnixTimeSeconds(); at += _step) _tally.GiveUp(_cache.Add(at));
        await EmptyAsync(cancellation);
    }

    private long FirstAfter(DateTimeOffset time) => ((time.ToUnixTimeSeconds() / _step) + 1) * _step;

    public void Dispose() => _wake.Dispose();

    private async Task PulseAsync(long next, CancellationToken cancellation)
    {
        // Modules are not in step: each has its own moment within the first seconds of an interval.
        var lateness = TimeSpan.FromSeconds(Math.Min(5, _step / 4.0) * Noise.Unit(_key, -1));
        var held = new PriorityQueue<long, long>(); // by the moment they are let go; as many at most as fit into MostHeldBack intervals
        for (; ; next += _step)
        {
            await _clock.WaitUntilAsync(DateTimeOffset.FromUnixTimeSeconds(next) + lateness, cancellation);
            if (_options.OutOfOrder > 0 && Noise.Unit(_key ^ 0x0D, next) < _options.OutOfOrder)
            {
                held.Enqueue(next, next + (_step * (1 + (long)(MostHeldBack * Noise.Unit(_key ^ 0x0E, next)))));
            }
            else
            {
                _tally.GiveUp(_cache.Add(next));
                if (next / _step % _logger.ReadingsPerPost == 0) _wake.Release();
            }

            while (held.TryPeek(out var late, out var letGo) && letGo <= next)
            {
                held.Dequeue();
                _tally.GiveUp(_cache.Add(late));
                _wake.Release();
            }
        }
    }

    private async Task SendAsync(CancellationToken cancellation)
    {
        for (; ; )
        {
            await _wake.WaitAsync(cancellation);
            await EmptyAsync(cancellation);
        }
    }

    private async Task EmptyAsync(CancellationToken cancellation)
    {
        for (; ; )
        {
            await _link.WaitUntilUpAsync(cancellation);
            if (!_cache.TryTake(out var file)) return;
            foreach (var post in Post.For(_logger, file)) await _delivery.DeliverAsync(post, cancellation);
        }
    }
}
