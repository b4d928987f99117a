using System.Diagnostics;
using Portal.Data.FleetPush;

namespace Portal.Ingest.FleetPush;

/// <summary>Brings batches to the fleet: tries, waits as the answer asks, and tries again until it is decided what becomes of a batch.</summary>
internal sealed class PushCourier(
    PushSession session,
    PushTransport transport,
    PushTokenSource tokens,
    FleetPushInstruments instruments,
    TimeProvider clock,
    ILogger logger,
    PushStopping stopping,
    TimeSpan interval
)
{
    /// <summary>How often a token file is looked at while there is no token that the fleet takes.</summary>
    private static readonly TimeSpan TokenPace = TimeSpan.FromSeconds(1);

    /// <summary>Where the fleet refuses this stack: it costs the operators' gateway a request each time.</summary>
    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(15);

    private (PushResult Result, int? Status)? said;
    private int failedInARow;
    private bool wasAway;
    private byte[]? shown;
    private bool sendsPlain;

    /// <summary>How often the fleet was there again after it was away, or had refused this stack. It may have been put back from a backup meanwhile.</summary>
    public int Recoveries { get; private set; }

    /// <summary>What else is to be done while a batch is repeated for hours.</summary>
    public Func<Task> BetweenAttempts { get; set; } = () => Task.CompletedTask;

    /// <summary>Sends a batch until it is acknowledged, too large, or unacceptable; everything else is repeated for ever.</summary>
    /// <param name="traces">Trace contexts of what it carries.</param>
    /// <exception cref="OperationCanceledException">The process stops. Whether the batch arrived is not known.</exception>
    /// <exception cref="Portal.TimeSeries.StoreUnavailableException">The database is away.</exception>
    public async Task<PushOutcome> DeliverAsync(PushMessage message, IReadOnlyList<string> traces)
    {
        message = sendsPlain ? message.Decompressed() : message;
        for (var failures = 1; ; failures++)
        {
            var outcome = await TryAsync(message, traces);
            switch (outcome)
            {
                case { Result: PushResult.Acknowledged or PushResult.TooLarge }:
                    return outcome;
                // A receiver that doesn't know zstd, perhaps; one that doesn't know the form says so again.
                case { Result: PushResult.Unacceptable, Status: 415 } when message.IsCompressed:
                    message = message.Decompressed();
                    sendsPlain = true;
                    break;
                case { Result: PushResult.Unacceptable }:
                    return outcome;
                default:
                    await WaitAsync(outcome, failures);
                    await BetweenAttempts();
                    break;
            }
        }
    }

    /// <summary>One attempt, written down and logged.</summary>
    /// <param name="isBeside">Beside a batch that fails: that one says what is wrong.</param>
    public async Task<PushOutcome> TryAsync(PushMessage message, IReadOnlyList<string> traces, bool isBeside = false)
    {
        stopping.Soon.ThrowIfCancellationRequested();
        using var activity = Start(message, traces);
        var started = clock.GetTimestamp();
        var (token, missing) = tokens.Read();
        shown = token?.Hash();
        var outcome = token is null
            ? new PushOutcome(PushResult.Denied, null, missing)
            : await transport.SendAsync(message, token, stopping.Now);
        instruments.Attempted(message, outcome, clock.GetElapsedTime(started));
        activity?.SetTag("http.response.status_code", outcome.Status);
        if (outcome.Result == PushResult.Acknowledged)
        {
            await SucceededAsync(isBeside);
        }
        else
        {
            activity?.SetStatus(ActivityStatusCode.Error, outcome.Error);
            if (!isBeside)
            {
                await FailedAsync(message, outcome);
            }
        }

        return outcome;
    }

    /// <summary>Waits as long as the answer or the backoff says. A refused stack tries again slowly, and at once when its token file changes.</summary>
    public async Task WaitAsync(PushOutcome outcome, int failures)
    {
        if (outcome.Result != PushResult.Denied)
        {
            var wait = outcome.RetryAfter is { } asked ? asked * (1 + (0.2 * Random.Shared.NextDouble())) : PushBackoff.After(failures);
            await Task.Delay(wait, clock, stopping.Soon);
            return;
        }

        var pause = interval > ShortestPause ? interval : ShortestPause;
        for (var started = clock.GetTimestamp(); clock.GetElapsedTime(started) < pause; )
        {
            await Task.Delay(TokenPace, clock, stopping.Soon);
            if (tokens.Read().Token is { } token && (shown is null || !shown.AsSpan().SequenceEqual(token.Hash())))
            {
                return;
            }
        }
    }

    private async Task SucceededAsync(bool isBeside)
    {
        await session.Journal.SucceededAsync(clock.GetUtcNow(), isWell: !isBeside, stopping.Now);
        if (!isBeside && failedInARow > 0)
        {
            logger.LogInformation("The fleet takes pushes again after {Failures} failed attempts", failedInARow);
            (said, failedInARow) = (null, 0);
            Recoveries += wasAway ? 1 : 0;
            wasAway = false;
        }
    }

    private async Task FailedAsync(PushMessage message, PushOutcome outcome)
    {
        failedInARow++;
        // Rows that are refused for what they are were refused by a fleet that is there: all days compared anew would have them refused again.
        wasAway |= message.Rows == 0 || outcome.Result is PushResult.Retry or PushResult.Denied;
        if (said != (outcome.Result, outcome.Status))
        {
            said = (outcome.Result, outcome.Status);
            var level = outcome.Result is PushResult.Denied or PushResult.Unacceptable ? LogLevel.Error : LogLevel.Warning;
            logger.Log(level, "A push to the fleet failed: {Reason}", outcome.Error);
        }

        await session.Journal.FailedAsync(clock.GetUtcNow(), outcome.Error!, outcome.Result == PushResult.Denied, stopping.Now);
    }

    // A trace of its own for each attempt, linked with the posts whose rows it carries.
    private static Activity? Start(PushMessage message, IReadOnlyList<string> traces)
    {
        var links = traces
            .Select(trace => ActivityContext.TryParse(trace, null, isRemote: true, out var context) ? context : default)
            .Where(context => context != default)
            .Select(context => new ActivityLink(context));
        return FleetPushInstruments
            .Activities.StartActivity(ActivityKind.Internal, parentContext: default, links: links, name: $"push {message.BatchType}")
            ?.SetTag("portal.batch", message.BatchId)
            .SetTag("portal.rows", message.Rows)
            .SetTag("portal.bytes", message.Body.Length);
    }
}
