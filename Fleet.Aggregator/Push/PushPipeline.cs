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
    /// <summary>Two connections use both cores of the smallest machine; more only add latency.</summary>
    private const int Writers = 2;

    private volatile bool running;

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
        PushTicket? held = null;
        while (held is not null || await queue.WaitAsync())
        {
            var group = new PushGroup();
            if (held is not null)
            {
                group.TryAdd(held);
                held = null;
            }

            // What arrives while a group is being written makes up the next one: no batch waits for others to come.
            while (held is null && !group.IsFull && queue.TryDequeue(out var batch))
            {
                held = group.TryAdd(batch) ? null : batch;
            }

            if (group.Batches.Count > 0)
            {
                await WriteAsync(group);
            }
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
