using System.Diagnostics;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Portal.Data;
using Portal.Domain.Decoding;
using Portal.TimeSeries;

namespace Portal.Ingest.Pipeline;

/// <summary>
/// Writes posts that arrive together in one commit (a thousand meters' single readings a minute cost a handful), and answers each caller
/// when its rows are durable.
/// </summary>
/// <remarks>
/// On shutdown the web server first stops taking requests, then the queue closes; what is in it is written and answered, then the loops
/// end. A process that is killed instead loses only posts that nobody was told are stored.
/// </remarks>
internal sealed class IngestPipeline(
    MeasurementWriter writer,
    PostQueue queue,
    PipelineInstruments instruments,
    TimeProvider clock,
    ILogger<IngestPipeline> logger
) : BackgroundService, IHealthCheck
{
    /// <summary>Two connections use both cores of the smallest machine; more only add latency.</summary>
    private const int Writers = 2;

    private volatile bool running;

    /// <summary>Whether a post may come in; false, and counted as refused, while the queue is full. Nobody reads a body first that would find no room.</summary>
    public bool Admits()
    {
        if (queue.HasRoom)
        {
            return true;
        }

        instruments.Full();
        return false;
    }

    /// <summary>
    /// Queues a post and waits until it is written. A caller who cancels stops waiting; its post is written all the same, which a
    /// repetition finds done.
    /// </summary>
    /// <exception cref="PipelineFullException">Nothing was taken.</exception>
    /// <exception cref="StoreUnavailableException">The database is away. All or nothing was stored; repeating is harmless.</exception>
    public async Task<WriteResult> SubmitAsync(DecodedPost post, CancellationToken cancellationToken)
    {
        var ticket = new PostTicket(new ReceivedPost(post.Batch, clock.GetUtcNow()));
        if (!queue.TryEnqueue(ticket))
        {
            instruments.Full();
            throw new PipelineFullException();
        }

        return await ticket.Result.WaitAsync(cancellationToken);
    }

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
        PostTicket? held = null;
        while (held is not null || await queue.WaitAsync())
        {
            var group = new PostGroup();
            if (held is not null)
            {
                group.TryAdd(held);
                held = null;
            }

            // What arrives while a group is being written makes up the next one: no post waits for others to come.
            while (held is null && group.Rows < PostGroup.FullAtRows && queue.TryDequeue(out var post))
            {
                held = group.TryAdd(post) ? null : post;
            }

            if (group.Posts.Count > 0)
            {
                await WriteAsync(group);
            }
        }
    }

    private async Task WriteAsync(PostGroup group)
    {
        using var activity = StartCommit(group);
        try
        {
            var results = await writer.WriteAsync([.. group.Posts.Select(ticket => ticket.Post)], CancellationToken.None);
            instruments.Committed(group);
            for (var i = 0; i < results.Count; i++)
            {
                group.Posts[i].Written(results[i]);
                group.Posts[i].Post.Batch.ReleaseValues();
            }
        }
        catch (Exception error) when (error is StoreUnavailableException || group.Posts.Count == 1)
        {
            activity?.SetStatus(ActivityStatusCode.Error, error.Message);
            Fail(group.Posts, error);
        }
        catch (Exception error)
        {
            // One of them can't be written. It must not take its neighbours with it: each by itself.
            logger.LogError(error, "A commit of {Posts} posts failed; writing them one by one", group.Posts.Count);
            foreach (var post in group.Posts)
            {
                var alone = new PostGroup();
                alone.TryAdd(post);
                await WriteAsync(alone);
            }
        }
    }

    private void Fail(IReadOnlyList<PostTicket> posts, Exception error)
    {
        if (error is not StoreUnavailableException)
        {
            logger.LogError(error, "A post of {Rows} rows can't be written", posts[0].Rows);
        }

        foreach (var post in posts)
        {
            post.Failed(error);
        }
    }

    // The commit belongs to the first post's trace and is linked with the others', so that each leads to what the database did for it.
    private static Activity? StartCommit(PostGroup group)
    {
        var activity = PipelineInstruments.Activities.StartActivity(
            ActivityKind.Internal,
            group.Posts[0].Trace,
            links: group.Posts.Skip(1).Where(post => post.Trace != default).Select(post => new ActivityLink(post.Trace)),
            name: "commit"
        );
        return activity?.SetTag("portal.posts", group.Posts.Count).SetTag("portal.rows", group.Rows);
    }
}
