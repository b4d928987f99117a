using MeterSimulator.Loads;
using MeterSimulator.Portal;
using MeterSimulator.Posts;

namespace MeterSimulator.Running;

/// <summary>
/// Brings posts to the portal: at most so many at a time over all modules, and each for as long as it takes. Returns once it is
/// acknowledged, or refused for good.
/// </summary>
internal sealed class Delivery(IngestClient ingest, Tally tally, RunLog log, TimeProvider time, RunOptions options) : IDisposable
{
    private const int MostAtATime = 8;

    private readonly SemaphoreSlim _slots = new(MostAtATime);
    private readonly ulong _repeatKey = Noise.Key((ulong)options.Fleet.Seed, "repeat");
    private long _underWay;

    /// <summary>Readings of posts that were begun and are not acknowledged yet.</summary>
    public long UnderWay => Interlocked.Read(ref _underWay);

    public async Task DeliverAsync(Post post, CancellationToken cancellation)
    {
        Interlocked.Add(ref _underWay, post.Readings);
        if (await UntilDoneAsync(post, cancellation) && Repeats(post)) await UntilDoneAsync(post, cancellation);

        // Not when it was cancelled: those readings still wait, and the last line of the run says so.
        Interlocked.Add(ref _underWay, -post.Readings);
    }

    public void Dispose() => _slots.Dispose();

    /// <summary>Whether the knob for duplicates hits this post: always the same answer for the same post.</summary>
    public bool Repeats(Post post) =>
        options.Duplicates > 0 && Noise.Unit(Noise.Key(_repeatKey, post.Logger.Name), post.Range.First) < options.Duplicates;

    private async Task<bool> UntilDoneAsync(Post post, CancellationToken cancellation)
    {
        var backoff = new Backoff();
        for (; ; )
        {
            var outcome = await AttemptAsync(post, cancellation);
            tally.Count(outcome);
            switch (outcome)
            {
                case PostOutcome.Acknowledged:
                    return true;
                case PostOutcome.Refused refused:
                    log.Complain($"{post.Logger.Name}: {refused.Said.TrimEnd('.')}.");
                    return false;
                case PostOutcome.TooLarge tooLarge:
                    return await HalvesAsync(post, tooLarge, cancellation);
                case PostOutcome.TryAgain again:
                    log.Complain($"Kept, to be repeated: {again.Said.TrimEnd('.')}.");
                    await Task.Delay(again.Wait ?? backoff.Next(), time, cancellation);
                    break;
            }
        }
    }

    private async Task<PostOutcome> AttemptAsync(Post post, CancellationToken cancellation)
    {
        await _slots.WaitAsync(cancellation);
        try
        {
            return await ingest.SendAsync(post, cancellation);
        }
        finally
        {
            _slots.Release();
        }
    }

    private async Task<bool> HalvesAsync(Post post, PostOutcome.TooLarge tooLarge, CancellationToken cancellation)
    {
        var halves = post.Halves().ToList();
        if (halves.Count == 0)
        {
            var refused = new PostOutcome.Refused($"{tooLarge.Said} — a single reading can't be made smaller: raise the receiver's limit");
            tally.Count(refused);
            log.Complain($"{post.Logger.Name}: {refused.Said.TrimEnd('.')}.");
            return false;
        }

        var all = true;
        foreach (var half in halves) all &= await UntilDoneAsync(half, cancellation);
        return all;
    }
}
