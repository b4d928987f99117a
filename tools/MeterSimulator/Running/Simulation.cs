using MeterSimulator.Fleet;
using MeterSimulator.Portal;

namespace MeterSimulator.Running;

/// <summary>
/// Runs a fleet: its history goes up newest day first while it is live already. On cancellation everything ends at once; what was not
/// acknowledged is made again, the same, by the next run's backfill.
/// </summary>
internal sealed class Simulation(FleetPlan fleet, RunOptions options, IngestClient ingest, RunLog log, TimeProvider time)
{
    private static readonly TimeSpan SummaryInterval = TimeSpan.FromMinutes(1);

    // Long enough to be seen alive before, in intervals.
    private const int LiveBeforeOutage = 2;

    private readonly Tally _tally = new();

    public Tally Tally => _tally;

    /// <returns>When cancelled, or with <see cref="RunOptions.Once"/> when all is delivered.</returns>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var start = options.Speed > 1 ? now - options.History : now;
        var clock = new SimulatedClock(time, start, options.Speed);
        var outageStart = start + (LiveBeforeOutage * options.Interval);
        var link = new Link(clock, outageStart, options.Once ? TimeSpan.Zero : options.Outage);
        using var delivery = new Delivery(ingest, _tally, log, time, options);
        LiveLogger[] loggers = [.. fleet.Loggers.Select(logger => new LiveLogger(logger, options, clock, link, delivery, _tally))];
        long Waiting() => delivery.UnderWay + loggers.Sum(logger => logger.Waiting);

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var summaries = SummariesAsync(Waiting, ended.Token);
        try
        {
            if (options.Once) await OnceAsync(loggers, delivery, now, cancellation);
            else await LiveAsync(loggers, delivery, link, start, cancellation);
        }
        finally
        {
            await ended.CancelAsync();
            await summaries;
            log.Write($"Ended: {_tally.Summary(Waiting())}");
            foreach (var logger in loggers) logger.Dispose();
        }
    }

    private async Task OnceAsync(LiveLogger[] loggers, Delivery delivery, DateTimeOffset now, CancellationToken cancellation)
    {
        var after = now - (options.Outage > TimeSpan.Zero ? options.Outage : options.Interval);
        await BackfillAsync(delivery, now - options.History, after, cancellation);
        await Task.WhenAll(loggers.Select(logger => logger.OnceAsync(after, now, cancellation)));
    }

    private async Task LiveAsync(LiveLogger[] loggers, Delivery delivery, Link link, DateTimeOffset start, CancellationToken cancellation)
    {
        if (options.Outage > TimeSpan.Zero) log.Write($"The fleet is cut off from {link.DownFrom:u} to {link.UpAgain:u}.");
        var history = options.Speed > 1 ? Task.CompletedTask : BackfillAsync(delivery, start - options.History, start, cancellation);
        await Task.WhenAll([history, .. loggers.Select(logger => logger.RunAsync(start, cancellation))]);
    }

    private async Task BackfillAsync(Delivery delivery, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation)
    {
        if (options.History <= TimeSpan.Zero) return;
        var posts = Backfill.Plan(fleet, from, to, options);
        log.Write($"Backfill of {Spans.Text(options.History)} begins: {posts.Count} posts, the newest day first.");
        var begun = time.GetTimestamp();
        await Backfill.RunAsync(posts, delivery, cancellation);
        log.Write($"Backfill done after {Spans.Text(time.GetElapsedTime(begun))}: {_tally.Summary(0)}");
    }

    private async Task SummariesAsync(Func<long> waiting, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(SummaryInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellation)) log.Write(_tally.Summary(waiting()));
        }
        catch (OperationCanceledException)
        {
            // The run has ended; its last line follows.
        }
    }
}
