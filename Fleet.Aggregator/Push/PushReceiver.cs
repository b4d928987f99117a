using System.Diagnostics;
using Fleet.Aggregator.Events;
using Fleet.Aggregator.Tokens;
using Microsoft.Extensions.Options;
using Portal.Contracts.Fleet;
using Portal.ServiceDefaults.Bodies;
using Portal.TimeSeries;

namespace Fleet.Aggregator.Push;

/// <summary>What becomes of a stack's push: body → batch → commit → answer. A refused one leaves its event.</summary>
internal sealed class PushReceiver(
    BodyReader bodies,
    MemoryBudget<int> memory,
    CustomerLimits limits,
    PushPipeline pipeline,
    RefusedPushes refused,
    PushInstruments instruments,
    IOptions<PushOptions> options,
    TimeProvider clock,
    ILogger<PushReceiver> logger
) : IDisposable
{
    // Rows are not yet accounted for while they are decoded. One decoder a core is all that can run anyway, and a batch's rows are bounded.
    private readonly SemaphoreSlim decoders = new(Environment.ProcessorCount);

    public async Task<IResult> ReceiveAsync(HttpContext http)
    {
        var receipt = new PushReceipt(FleetTokenAuthentication.CustomerOf(http.User), clock);
        var (entry, refusal) = limits.Enter(receipt.CustomerId);
        using var _ = entry;
        using var lease = memory.Open(receipt.CustomerId);
        PushedBatch? batch = null;
        UnreadableBatchException? unreadable = null;
        if (refusal is null)
        {
            (batch, refusal, unreadable) = await ReadAsync(http, receipt, lease);
            refusal ??= entry!.TakeRows(batch!.Rows) ?? Hold(lease, batch);
        }

        if (refusal is null)
        {
            (var result, refusal) = await WriteAsync(new PushTicket(batch!, receipt), http.RequestAborted);
            if (result is not null)
            {
                return TypedResults.Ok(result.Answer);
            }
        }

        instruments.Refused(refusal!.Status);
        if (refusal != PushRefusal.UnknownToken)
        {
            await refused.NoteAsync(receipt, refusal, batch?.Id ?? unreadable?.BatchId, batch?.Type ?? unreadable?.BatchType ?? BatchTypes.Unknown, batch?.Rows ?? 0);
        }

        return refusal.ToResult(http);
    }

    public void Dispose() => decoders.Dispose();

    private async Task<(PushedBatch? Batch, PushRefusal? Refusal, UnreadableBatchException? Unreadable)> ReadAsync(
        HttpContext http,
        PushReceipt receipt,
        MemoryLease lease
    )
    {
        using var body = new BufferedBody(lease);
        var fault = await bodies.ReadAsync(http.Request, body, http.RequestAborted);
        receipt.Bytes = body.Sent;
        if (fault is { } found)
        {
            return (null, PushRefusal.From(found, BodyReader.EncodingOf(http.Request), options.Value.MaxBodyMiB), null);
        }

        await decoders.WaitAsync(http.RequestAborted);
        try
        {
            using var activity = PushInstruments.Activities.StartActivity("decode");
            var batch = PushDecoder.Decode(body.Bytes.Span);
            activity?.SetTag("fleet.batch.type", batch.Type).SetTag("fleet.bytes", body.Length).SetTag("fleet.rows", batch.Rows);
            return (batch, null, null);
        }
        catch (UnreadableBatchException e)
        {
            var saysJson = http.Request.ContentType?.Contains("json", StringComparison.OrdinalIgnoreCase) == true;
            return (null, PushRefusal.From(e, saysJson), e);
        }
        finally
        {
            decoders.Release();
        }
    }

    private static PushRefusal? Hold(MemoryLease lease, PushedBatch batch) =>
        lease.Take(batch.Bytes) switch
        {
            MemoryGrant.KeyExhausted => PushRefusal.CustomerTooBusy,
            MemoryGrant.Exhausted => PushRefusal.TooBusy,
            _ => null,
        };

    private async Task<(PushResult? Result, PushRefusal? Refusal)> WriteAsync(PushTicket ticket, CancellationToken cancellationToken)
    {
        using var activity = PushInstruments.Activities.StartActivity("write", ActivityKind.Internal);
        try
        {
            if (pipeline.Submit(ticket, cancellationToken) is not { } written)
            {
                return (null, PushRefusal.TooBusy);
            }

            if (await written is not { } result)
            {
                return (null, PushRefusal.UnknownToken); // deleted since its token was looked up
            }

            instruments.Answered(ticket.Batch.Type, result, ticket.Receipt.Elapsed);
            activity
                ?.SetTag("fleet.rows.accepted", result.Answer.Accepted)
                .SetTag("fleet.rows.duplicate", result.Answer.Duplicate)
                .SetTag("fleet.rows.rejected", result.Answer.Rejected);
            return (result, null);
        }
        catch (StoreUnavailableException e)
        {
            logger.LogWarning("A batch of {Rows} rows was answered 503, the database is away: {Reason}", ticket.Rows, e.Message);
            return (null, PushRefusal.DatabaseAway);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return (null, PushRefusal.Failed); // the pipeline has logged it
        }
    }
}
