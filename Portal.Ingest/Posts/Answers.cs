using Portal.Contracts.Ingest;
using Portal.Domain.Measurements;

namespace Portal.Ingest.Posts;

/// <summary>Turns the rows' outcomes into the answer of a post.</summary>
internal static class Answers
{
    public static IngestAnswer From(MeasurementBatch batch, IReadOnlyList<RowOutcome> outcomes, Dictionary<string, int> rejectedByReason)
    {
        var accepted = 0;
        var duplicate = 0;
        var rejections = new List<Rejection>();
        for (var row = 0; row < outcomes.Count; row++)
        {
            switch (outcomes[row])
            {
                case RowOutcome.Accepted:
                    accepted++;
                    break;
                case RowOutcome.Duplicate:
                    duplicate++;
                    break;
                default:
                    var reason = Reason(outcomes[row]);
                    rejectedByReason[reason] = rejectedByReason.GetValueOrDefault(reason) + 1;
                    // Rows are in the order of the post.
                    if (rejections.Count < IngestAnswer.MaxRejections)
                    {
                        var key = batch.Keys[row];
                        rejections.Add(new Rejection(key.Source, batch.ExternalIds[key.Device], reason));
                    }

                    break;
            }
        }

        return new IngestAnswer(accepted, duplicate, outcomes.Count - accepted - duplicate, rejections);
    }

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
