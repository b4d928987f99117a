using Portal.Contracts.Fleet;
using Portal.Contracts.Ingest;
using Portal.Domain.Measurements;

namespace Fleet.Aggregator.Push;

/// <summary>Counts a batch's rows as they turn out, and lists the first rejections.</summary>
internal sealed class PushTally(Guid batchId)
{
    private readonly List<Rejection> rejections = []; // bound: IngestAnswer.MaxRejections
    private readonly Dictionary<string, int> rejectedByReason = []; // bound: the reasons there are
    private int accepted;
    private int duplicate;
    private int rejected;

    public void Stored(bool changed)
    {
        accepted += changed ? 1 : 0;
        duplicate += changed ? 0 : 1;
    }

    public void Rejected(int index, string externalId, string reason)
    {
        rejected++;
        rejectedByReason[reason] = rejectedByReason.GetValueOrDefault(reason) + 1;
        if (rejections.Count < IngestAnswer.MaxRejections)
        {
            rejections.Add(new Rejection(index, externalId, reason));
        }
    }

    /// <summary>Rows of measurements by their outcomes, which are in the order of the batch.</summary>
    public void Add(MeasurementBatch batch, IReadOnlyList<RowOutcome> outcomes)
    {
        for (var row = 0; row < outcomes.Count; row++)
        {
            if (outcomes[row] is RowOutcome.Accepted or RowOutcome.Duplicate)
            {
                Stored(outcomes[row] == RowOutcome.Accepted);
                continue;
            }

            var key = batch.Keys[row];
            Rejected(key.Source, batch.ExternalIds[key.Device], Reason(outcomes[row]));
        }
    }

    public PushResult Result(int conflicts = 0) =>
        new(new PushAnswer(batchId, accepted, duplicate, rejected, rejections), Repeated: false, rejectedByReason, conflicts);

    private static string Reason(RowOutcome outcome) =>
        outcome switch
        {
            RowOutcome.UnknownDevice => RejectionReasons.UnknownDevice,
            RowOutcome.InvalidTime => RejectionReasons.InvalidTime,
            RowOutcome.FutureTime => RejectionReasons.FutureTime,
            RowOutcome.Expired => RejectionReasons.Expired,
            RowOutcome.NoValues => RejectionReasons.NoValues,
            RowOutcome.InvalidValue => RejectionReasons.InvalidValue,
            RowOutcome.OutOfRange => RejectionReasons.OutOfRange,
            _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "Not a rejection."),
        };
}
