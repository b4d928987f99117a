using System.Text.Json;
using Portal.Contracts.Fleet;
using Portal.Data.FleetPush;

namespace Portal.Ingest.FleetPush;

/// <summary>Rows of one device in a batch.</summary>
/// <param name="First">Time of the first row, and <paramref name="Last"/> of the last, inclusive.</param>
internal sealed record PushedSpan(string ExternalId, DateTimeOffset First, DateTimeOffset Last);

/// <summary>Writes down what the fleet did not take, so that somebody can look after it; nothing of it is deleted from the stack's own tables.</summary>
internal sealed class RefusedBatches(PushSession session, FleetPushInstruments instruments, ILogger logger, PushStopping stopping)
{
    private const int MaxReason = 1_000;

    /// <summary>The whole batch.</summary>
    /// <param name="spans">What measurements it holds.</param>
    public Task SetAsideAsync(PushMessage message, PushOutcome outcome, IReadOnlyList<PushedSpan> spans)
    {
        instruments.SetAside();
        logger.LogError("Set aside a batch of {Rows} {BatchType} ({BatchId}): {Reason}", message.Rows, message.BatchType, message.BatchId, outcome.Error);
        return session.Journal.RefusedAsync(
            new PushRefusal(
                message.BatchId,
                message.BatchType,
                outcome.Status ?? 0,
                message.Rows,
                Cut(outcome.Error ?? ""),
                JsonSerializer.Serialize(spans, PushJson.Default.IReadOnlyListPushedSpan)
            ),
            stopping.Now
        );
    }

    /// <summary>Single rows of a batch that was taken otherwise.</summary>
    public async Task RejectedAsync(PushMessage message, PushAnswer answer)
    {
        if (answer.Rejected == 0)
        {
            return;
        }

        var reasons = (answer.Rejections ?? []).GroupBy(rejection => rejection.Reason).ToList();
        reasons.ForEach(reason => instruments.Rejected(reason.Key, reason.Count()));
        var text = Cut(
            reasons.Count == 0
                ? "The fleet gave no reasons."
                : string.Join("; ", reasons.Select(reason => $"{reason.Key}: {reason.Count()}, such as one of {reason.First().ExternalId}"))
        );
        logger.LogError("The fleet rejected {Rejected} of {Rows} {BatchType} ({BatchId}): {Reason}", answer.Rejected, message.Rows, message.BatchType, message.BatchId, text);
        await session.Journal.RefusedAsync(new PushRefusal(message.BatchId, message.BatchType, 200, answer.Rejected, text), stopping.Now);
    }

    private static string Cut(string text) => text.Length <= MaxReason ? text : text[..MaxReason];
}
