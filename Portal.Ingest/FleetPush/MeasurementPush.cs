using Portal.Contracts.Ingest;
using Portal.Data.FleetPush;

namespace Portal.Ingest.FleetPush;

/// <summary>
/// Pushes the rows that the outbox has notes of: notes of the newest rows first, every fourth time those that wait longest. Notes are deleted
/// when all of their rows are acknowledged, set aside or recorded as rejected; whatever breaks off before is done again.
/// </summary>
internal sealed class MeasurementPush(
    PushSession session,
    PushCourier courier,
    CataloguePush catalogue,
    RefusedBatches refused,
    TimeProvider clock,
    PushStopping stopping,
    int batchSize
)
{
    private const int TurnsUntilOldest = 4;

    /// <summary>Acknowledged batches after which a receiver that found one too large is offered twice as much again.</summary>
    private const int PatienceWithLess = 50;

    /// <summary>A device that the fleet doesn't know even after the catalogue was pushed is asked for again after this.</summary>
    private static readonly TimeSpan Futile = TimeSpan.FromMinutes(10);

    /// <summary>Serials of which that is remembered; beyond, all are forgotten.</summary>
    private const int MostUnknown = 1_000;

    private readonly Dictionary<string, long> unknown = new(StringComparer.Ordinal);
    private int turn;
    private int? less;
    private int acknowledged;

    /// <summary>One round of notes.</summary>
    /// <param name="lastNote">Only notes up to this one.</param>
    /// <returns>False where nothing waits.</returns>
    public async Task<bool> RoundAsync(long lastNote)
    {
        var isOldest = turn % TurnsUntilOldest == TurnsUntilOldest - 1;
        var round = await session.Outbox.TakeAsync(isOldest, batchSize, lastNote, stopping.Now);
        if (round.NoteIds.Length == 0)
        {
            return false;
        }

        if (await catalogue.PushTombstonesAsync())
        {
            return true; // what was noted since may be another device's: read again
        }

        turn++;
        await SendAsync(round.Ranges, round.TraceParents, replace: false);
        await session.Outbox.AcknowledgeAsync(round.NoteIds, stopping.Now);
        return true;
    }

    /// <summary>Pushes all rows of these ranges. When it returns they are acknowledged, set aside or recorded as rejected.</summary>
    /// <param name="traces">Trace contexts of what is pushed.</param>
    /// <param name="replace">Values that the fleet has give way to these.</param>
    public async Task SendAsync(IReadOnlyList<OutboxRange> ranges, IReadOnlyList<string> traces, bool replace)
    {
        var asksAgain = true;
        while (ranges.Count > 0)
        {
            var (message, spans, left) = await ReadAsync(ranges, replace);
            if (message.Rows > 0)
            {
                var outcome = await courier.DeliverAsync(message, traces);
                if (outcome.Result == PushResult.TooLarge && message.Rows > 1)
                {
                    (less, acknowledged) = ((message.Rows + 1) / 2, 0);
                    continue;
                }

                if (outcome.Result != PushResult.Acknowledged)
                {
                    await refused.SetAsideAsync(message, outcome, spans);
                }
                else if (asksAgain && NewlyUnknown(outcome).Any())
                {
                    // The same rows once more, as a batch of their own: the same id would get the same answer.
                    await catalogue.PushAsync(always: true);
                    asksAgain = false;
                    continue;
                }
                else
                {
                    await refused.RejectedAsync(message, outcome.Answer!);
                    Acknowledge(outcome);
                }
            }

            asksAgain = true;
            ranges = left;
        }
    }

    private async Task<(PushMessage Message, IReadOnlyList<PushedSpan> Spans, IReadOnlyList<OutboxRange> Left)> ReadAsync(IReadOnlyList<OutboxRange> ranges, bool replace)
    {
        using var body = new MeasurementBatchBody(clock.GetUtcNow(), replace);
        var left = await session.Outbox.ReadAsync(ranges, less ?? batchSize, body.Add, stopping.Now);
        return (body.Finish(), body.Spans, left);
    }

    private IEnumerable<string> NewlyUnknown(PushOutcome outcome) =>
        (outcome.Answer!.Rejections ?? [])
            .Where(rejection => rejection.Reason == RejectionReasons.UnknownDevice)
            .Select(rejection => rejection.ExternalId)
            .Where(serial => !unknown.TryGetValue(serial, out var since) || clock.GetElapsedTime(since) > Futile);

    private void Acknowledge(PushOutcome outcome)
    {
        if (unknown.Count > MostUnknown)
        {
            unknown.Clear();
        }

        foreach (var serial in NewlyUnknown(outcome).ToList())
        {
            unknown[serial] = clock.GetTimestamp();
        }

        if (less is { } limit && ++acknowledged >= PatienceWithLess)
        {
            (less, acknowledged) = (2 * limit < batchSize ? 2 * limit : null, 0);
        }
    }
}
