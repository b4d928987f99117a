using System.Diagnostics;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Portal.TimeSeries;

namespace Fleet.Aggregator.Push;

/// <summary>
/// Writes batches that arrive together in one commit (ten thousand customers' few rows a minute cost a handful of commits a second), and answers
/// each caller when its rows are durable.
/// </summary>
/// <remarks>
/// On shutdown the web server first stops taking requests, then the queue closes; what is in it is written and answered, then the loops
/// end. A process that is killed instead loses only batches that nobody was told are stored; their stacks send them again.
/// </remarks>
internal sealed class PushPipeline(GroupWriter writer, PushQueue queue, PushInstruments instruments, ILogger<PushPipeline> logger)
    : BackgroundService,
        IHealthCheck
{
    /// <summary>
    /// Three connections use both cores of the smallest machine: one always waits for the disk or for a statement's answer. (Two leave 8 % of the rows a
    /// second.)
    /// </summary>
    internal const int Writers = 3;

    /// <summary>
    /// How long a group that has room waits for more, where the one before had several: a commit costs as much as writing a hundred rows. A stack
    /// that pushes alone is never held up, one among thousands waits for its answer a little longer than it must.
    /// </summary>
    private static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(50);

    private readonly SemaphoreSlim gathering = new(1);
    private volatile bool running;
    private PushTicket? held; // this and the next by whoever gathers
    private bool busy;

    /// <summary>
    /// Queues a batch and waits until it is written. A caller who cancels stops waiting; its batch is written all the same, which a
    /// repetition finds done.
    /// </summary>
    /// <returns>Null where the queue is full: nothing was taken. Else what became of it, in turn null where the customer was deleted meanwhile.</returns>
    /// <exception cref="StoreUnavailableException">The database is away. All or nothing was stored; repeating is harmless.</exception>
    public Task<PushResult?>? Submit(PushTicket batch, CancellationToken cancellationToken) =>
        queue.TryEnqueue(batch) ? batch.Result.WaitAsync(cancellationToken) : null;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(running ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("The write pipeline is not running."));

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        queue.Close();
        await (ExecuteTask ?? Task.CompletedTask).WaitAsync(cancellationToken);
        await base.StopAsync(cancellationToken);
    }

    public override void Dispose()
    {
        gathering.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        running = true;
        try
        {
            await Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => Task.Run(WriteAllAsync, CancellationToken.None)));
        }
        finally
        {
            running = false;
        }
    }

    private async Task WriteAllAsync()
    {
        while (await GatherAsync() is { } group)
        {
            await WriteAsync(group);
        }
    }

    // One loop at a time: what doesn't go with a group is the first of the next one, whichever loop takes that.
    private async Task<PushGroup?> GatherAsync()
    {
        await gathering.WaitAsync();
        try
        {
            if (held is null && !await queue.WaitAsync())
            {
                return null;
            }

            var group = new PushGroup();
            Fill(group);
            if (busy && held is null && !group.IsFull)
            {
                await Task.Delay(Linger, TimeProvider.System);
                Fill(group);
            }

            busy = group.Batches.Count > 1;
            return group;
        }
        finally
        {
            gathering.Release();
        }
    }

    private void Fill(PushGroup group)
    {
        if (held is not null)
        {
            group.TryAdd(held);
            held = null;
        }

        while (held is null && !group.IsFull && queue.TryDequeue(out var batch))
        {
            held = group.TryAdd(batch) ? null : batch;
        }
    }

    private async Task WriteAsync(PushGroup group)
    {
        using var activity = StartCommit(group);
        try
        {
            var results = await writer.WriteAsync(group.Batches, CancellationToken.None);
            instruments.Committed(group.Batches.Count, group.Rows);
            for (var i = 0; i < results.Count; i++)
            {
                group.Batches[i].Written(results[i]);
                group.Batches[i].Batch.Measurements?.Batch.ReleaseValues();
            }
        }
        catch (Exception error) when (error is StoreUnavailableException || group.Batches.Count == 1)
        {
            activity?.SetStatus(ActivityStatusCode.Error, error.Message);
            Fail(group.Batches, error);
        }
        catch (Exception error)
        {
            // One of them can't be written. It must not take its neighbours with it: each by itself.
            logger.LogError(error, "A commit of {Batches} batches failed; writing them one by one", group.Batches.Count);
            foreach (var batch in group.Batches)
            {
                var alone = new PushGroup();
                alone.TryAdd(batch);
                await WriteAsync(alone);
            }
        }
    }

    private void Fail(IReadOnlyList<PushTicket> batches, Exception error)
    {
        if (error is not StoreUnavailableException)
        {
            logger.LogError(error, "Batch {BatchId} of customer {CustomerId} can't be written", batches[0].Batch.Id, batches[0].CustomerId);
        }

        foreach (var batch in batches)
        {
            batch.Failed(error);
        }
    }

    // The commit belongs to the first batch's trace and is linked with the others', so that each leads to what the database did for it.
    private static Activity? StartCommit(PushGroup group)
    {
        var activity = PushInstruments.Activities.StartActivity(
            ActivityKind.Internal,
            group.Batches[0].Trace,
            links: group.Batches.Skip(1).Where(batch => batch.Trace != default).Select(batch => new ActivityLink(batch.Trace)),
            name: "commit"
        );
        return activity?.SetTag("fleet.batches", group.Batches.Count).SetTag("fleet.rows", group.Rows);
    }
}
