using Fleet.Aggregator.Push;
using Fleet.Aggregator.Tokens;
using Microsoft.Extensions.Options;
using Portal.Contracts;
using Portal.Contracts.Fleet;
using Portal.ServiceDefaults.Bodies;
using Portal.TimeSeries;

namespace Fleet.Aggregator.Ledger;

/// <summary>What becomes of a stack's side of the ledger: body → days → comparison → answer. It counts as one of its batches.</summary>
internal sealed class LedgerReceiver(
    BodyReader bodies,
    MemoryBudget<int> memory,
    CustomerLimits limits,
    LedgerComparison comparison,
    LedgerInstruments instruments,
    IOptions<PushOptions> options,
    TimeProvider clock,
    ILogger<LedgerReceiver> logger
)
{
    private const int Soon = 1;

    private static readonly PushRefusal GoesOn = new(
        StatusCodes.Status503ServiceUnavailable,
        ProblemKinds.Unavailable,
        "The fleet is still hashing its side of the ledger.",
        "What is done stays done. Ask again in a second.",
        Soon
    );

    public async Task<IResult> ReceiveAsync(HttpContext http)
    {
        var customerId = FleetTokenAuthentication.CustomerOf(http.User);
        var (entry, refusal) = limits.Enter(customerId);
        using var _ = entry;
        if (refusal is not null)
        {
            return refusal.ToResult(http);
        }

        using var lease = memory.Open(customerId);
        using var body = new BufferedBody(lease);
        if (await bodies.ReadAsync(http.Request, body, http.RequestAborted) is { } fault)
        {
            return PushRefusal.From(fault, BodyReader.EncodingOf(http.Request), options.Value.MaxBodyMiB).ToResult(http);
        }

        (var request, refusal) = LedgerRequests.Read(body.Bytes.Span, DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime));
        if (refusal is not null)
        {
            return refusal.ToResult(http);
        }

        try
        {
            using var activity = PushInstruments.Activities.StartActivity("ledger");
            if (await comparison.CompareAsync(customerId, request!, http.RequestAborted) is not { } answer)
            {
                return GoesOn.ToResult(http);
            }

            activity?.SetTag("fleet.ledger.equal", answer.Equal).SetTag("fleet.ledger.different", answer.Differences.Count);
            instruments.Compared(answer);
            return TypedResults.Ok(answer);
        }
        catch (StoreUnavailableException error)
        {
            logger.LogWarning("A ledger of {Days} device-days was answered 503, the database is away: {Reason}", request!.Days.Count, error.Message);
            return PushRefusal.DatabaseAway.ToResult(http);
        }
    }
}
