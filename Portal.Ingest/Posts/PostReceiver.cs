using System.Diagnostics;
using Microsoft.Extensions.Options;
using Portal.Data;
using Portal.Domain.Decoding;
using Portal.Ingest.Keys;
using Portal.Ingest.Pipeline;
using Portal.Ingest.UnknownParameters;
using Portal.ServiceDefaults.Bodies;
using Portal.TimeSeries;

namespace Portal.Ingest.Posts;

/// <summary>Reads a post's body in one of the forms.</summary>
/// <exception cref="UnreadablePostException">Nothing of it can be read.</exception>
internal delegate DecodedPost PostDecoder(ReadOnlySpan<byte> body);

/// <summary>What every receiver does: body → rows → commit → answer. A receiver brings its form's decoder.</summary>
internal sealed class PostReceiver(
    BodyReader bodies,
    MemoryBudget<Guid> memory,
    IngestPipeline pipeline,
    UnknownParameterLog unknownParameters,
    IngestInstruments instruments,
    IOptions<IngestOptions> options,
    TimeProvider clock,
    ILogger<PostReceiver> logger
) : IDisposable
{
    // Rows are not yet accounted for while they are decoded. One decoder a core is all that can run anyway, and a post's rows are bounded.
    private readonly SemaphoreSlim decoders = new(Environment.ProcessorCount);

    public async Task<IResult> ReceiveAsync(HttpContext http, PostDecoder decode)
    {
        using var lease = memory.Open(IngestKeyAuthentication.KeyOf(http.User));
        var (post, refusal) = pipeline.Admits() ? await ReadAsync(http, lease, decode) : (null, Refusal.TooBusy);
        refusal ??= Hold(lease, post!);
        if (refusal is null)
        {
            try
            {
                return TypedResults.Ok(await WriteAsync(post!, http.RequestAborted));
            }
            catch (PipelineFullException)
            {
                refusal = Refusal.TooBusy;
            }
            catch (StoreUnavailableException e)
            {
                logger.LogWarning("A post of {Rows} rows was answered 503, the database is away: {Reason}", post!.Batch.Count, e.Message);
                refusal = Refusal.DatabaseAway;
            }
        }

        instruments.Refused(refusal.Status);
        return refusal.ToResult(http);
    }

    public void Dispose() => decoders.Dispose();

    private async Task<(DecodedPost? Post, Refusal? Refusal)> ReadAsync(HttpContext http, MemoryLease lease, PostDecoder decode)
    {
        using var body = new BufferedBody(lease);
        if (await bodies.ReadAsync(http.Request, body, http.RequestAborted) is { } fault)
        {
            return (null, Refusal.From(fault, BodyReader.EncodingOf(http.Request), options.Value.MaxBodyMiB));
        }

        await decoders.WaitAsync(http.RequestAborted);
        try
        {
            using var activity = IngestInstruments.Activities.StartActivity("decode");
            var post = decode(body.Bytes.Span);
            activity?.SetTag("portal.bytes", body.Length).SetTag("portal.rows", post.Batch.Count);
            return (post, null);
        }
        catch (UnreadablePostException e)
        {
            // The reason is the sender's; what was sent is not quoted, it may be anything.
            logger.LogInformation("A post of {Bytes} bytes to {Path} can't be read: {Reason}", body.Length, http.Request.Path.Value, e.Message);
            var saysJson = http.Request.ContentType?.Contains("json", StringComparison.OrdinalIgnoreCase) == true;
            return (null, Refusal.From(e, saysJson));
        }
        finally
        {
            decoders.Release();
        }
    }

    private static Refusal? Hold(MemoryLease lease, DecodedPost post) =>
        lease.Take(post.Batch.Bytes) switch
        {
            MemoryGrant.KeyExhausted => Refusal.KeyTooBusy,
            MemoryGrant.Exhausted => Refusal.TooBusy,
            _ => null,
        };

    private async Task<Contracts.Ingest.IngestAnswer> WriteAsync(DecodedPost post, CancellationToken cancellationToken)
    {
        using var activity = IngestInstruments.Activities.StartActivity("write", ActivityKind.Internal);
        var started = clock.GetTimestamp();
        var result = await pipeline.SubmitAsync(post, cancellationToken);
        instruments.Written(clock.GetElapsedTime(started));

        var rejectedByReason = new Dictionary<string, int>();
        var answer = Answers.From(post.Batch, result.Outcomes, rejectedByReason);
        instruments.Answered(answer, rejectedByReason, result.Conflicts);
        unknownParameters.Note(post.UnknownParameters);
        activity
            ?.SetTag("portal.rows.accepted", answer.Accepted)
            .SetTag("portal.rows.duplicate", answer.Duplicate)
            .SetTag("portal.rows.rejected", answer.Rejected);
        return answer;
    }
}
