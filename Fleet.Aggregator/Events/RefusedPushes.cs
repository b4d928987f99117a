using System.Collections.Concurrent;
using System.Globalization;
using Fleet.Aggregator.Push;
using Npgsql;
using Portal.Contracts.Fleet;

namespace Fleet.Aggregator.Events;

/// <summary>
/// Leaves an ingest event for pushes that were refused while it is known whose they were. Bounded, since whoever is refused may go on for
/// ever: of what senders repeat by themselves (401, 429, 5xx) one event per customer, status and minute, of the rest
/// <see cref="PerMinute"/> per customer and minute. What is beyond is counted in the next event's text. Each aggregator counts for itself.
/// </summary>
internal sealed class RefusedPushes(IngestEventWriter events, TimeProvider clock, ILogger<RefusedPushes> logger)
{
    public const int PerMinute = 30;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    // Bound: registered customers, times the few statuses.
    private readonly ConcurrentDictionary<(int Customer, int Status), Recent> recent = new();

    /// <summary>
    /// Writes the event, or counts it. The answer doesn't depend on it (where the database is away the log has it), nor it on whether the sender
    /// still waits.
    /// </summary>
    /// <param name="batchId">Null where it was not read.</param>
    /// <param name="batchType">One of <see cref="BatchTypes"/>.</param>
    public async Task NoteAsync(PushReceipt receipt, PushRefusal refusal, Guid? batchId = null, string batchType = BatchTypes.Unknown, int rows = 0)
    {
        if (Due(receipt.CustomerId, refusal.Status) is not { } left)
        {
            return;
        }

        var error = refusal.Title + " " + refusal.Detail;
        var more = left == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" (And {left} more like it since the event before.)");
        var ingested = new IngestEvent
        {
            CustomerId = receipt.CustomerId,
            BatchId = batchId,
            BatchType = batchType,
            Status = refusal.Status,
            RowsReceived = rows,
            ReceivedAt = receipt.ReceivedAt,
            DurationMs = receipt.Elapsed.TotalMilliseconds,
            Bytes = receipt.Bytes,
            TraceId = receipt.TraceId,
            Error = error[..Math.Min(error.Length, IngestEvent.MaxErrorLength - more.Length)] + more,
        };
        try
        {
            await events.WriteAsync(ingested, CancellationToken.None);
        }
        catch (NpgsqlException e)
        {
            LeaveOut(receipt.CustomerId, refusal.Status, left + 1);
            logger.LogWarning(
                "A push of customer {CustomerId} was refused with {Status}, and its event could not be written: {Reason}",
                receipt.CustomerId,
                refusal.Status,
                e.Message
            );
        }
    }

    private void LeaveOut(int customer, int status, int events)
    {
        var window = recent[Key(customer, status)];
        lock (window)
        {
            window.LeftOut += events;
        }
    }

    private static bool Repeats(int status) => status is StatusCodes.Status401Unauthorized or StatusCodes.Status429TooManyRequests or >= 500;

    private static (int Customer, int Status) Key(int customer, int status) => (customer, Repeats(status) ? status : 0);

    // How many were left out before this one; null where this one is left out.
    private int? Due(int customer, int status)
    {
        var window = recent.GetOrAdd(Key(customer, status), _ => new Recent());
        lock (window)
        {
            var now = clock.GetTimestamp();
            if (window.Events == 0 || clock.GetElapsedTime(window.Started, now) >= Window)
            {
                (window.Started, window.Events) = (now, 0);
            }

            if (window.Events >= (Repeats(status) ? 1 : PerMinute))
            {
                window.LeftOut++;
                return null;
            }

            window.Events++;
            (var left, window.LeftOut) = (window.LeftOut, 0);
            return left;
        }
    }

    private sealed class Recent
    {
        public long Started { get; set; }

        public int Events { get; set; }

        public int LeftOut { get; set; }
    }
}
