using System.IO.Compression;
using Microsoft.Extensions.Options;
using Portal.Ingest.Posts;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Portal.Ingest.Bodies;

/// <summary>Reads and decompresses a request's body into memory, within the limits of a post and of all posts.</summary>
internal sealed class BodyReader(IOptions<IngestOptions> options)
{
    private const int FirstBuffer = 16 * 1024; // a post of one device's instant has 1 to 4 KB
    private const int LargestFirstBuffer = 1024 * 1024; // whoever only announces a large body doesn't get memory for it yet
    private const int ZstdWindowLog = 23; // 8 MiB, what RFC 9659 allows in HTTP; the format would allow 2 GiB

    /// <summary>Fills the body; null where all of it was read.</summary>
    public async Task<Refusal?> ReadAsync(HttpRequest request, PostBody body, CancellationToken cancellationToken)
    {
        var limit = options.Value.MaxBodyBytes;
        if (request.ContentLength > limit)
        {
            return Refusal.TooLarge(options.Value.MaxBodyMiB);
        }

        var encoding = request.Headers.ContentEncoding.ToString().Trim().ToLowerInvariant();
        var sent = new SentBytes(request.Body, limit);
        Stream? plain = encoding switch
        {
            "" or "identity" => sent,
            "gzip" or "x-gzip" => new GZipStream(sent, CompressionMode.Decompress),
            "br" => new BrotliBody(sent),
            "zstd" => Zstd(sent),
            _ => null,
        };
        if (plain is null)
        {
            return Refusal.UnknownEncoding(encoding);
        }

        await using var _ = plain;
        try
        {
            var refusal = await FillAsync(plain, body, plain == sent ? (int?)request.ContentLength : null, cancellationToken);
            return refusal is null && plain is GZipStream && !sent.IsWholeGzip(body.Bytes.Span) ? Refusal.BrokenCompression(encoding) : refusal;
        }
        catch (BodyTooLargeException)
        {
            return Refusal.TooLarge(options.Value.MaxBodyMiB);
        }
        catch (Exception e) when (plain != sent && e is InvalidDataException or InvalidOperationException or ZstdException or EndOfStreamException)
        {
            return Refusal.BrokenCompression(encoding);
        }
    }

    private async Task<Refusal?> FillAsync(Stream stream, PostBody body, int? length, CancellationToken cancellationToken)
    {
        var limit = (int)options.Value.MaxBodyBytes;
        var next = Math.Min(length ?? FirstBuffer, LargestFirstBuffer);
        while (body.Length != length)
        {
            if (body.Length == limit)
            {
                return await stream.ReadAsync(new byte[1], cancellationToken) == 0 ? null : Refusal.TooLarge(options.Value.MaxBodyMiB);
            }

            if (body.Room.IsEmpty)
            {
                switch (body.Grow(Math.Min(next, limit)))
                {
                    case MemoryGrant.KeyExhausted:
                        return Refusal.KeyTooBusy;
                    case MemoryGrant.Exhausted:
                        return Refusal.TooBusy;
                }

                next = (int)Math.Min(2L * (body.Length + body.Room.Length), limit);
            }

            var room = body.Room[..Math.Min(body.Room.Length, limit - body.Length)];
            var read = await stream.ReadAsync(room, cancellationToken);
            if (read == 0)
            {
                return null;
            }

            body.Advance(read);
        }

        return null;
    }

    private static DecompressionStream Zstd(Stream sent)
    {
        var decompressor = new Decompressor();
        decompressor.SetParameter(ZSTD_dParameter.ZSTD_d_windowLogMax, ZstdWindowLog);
        return new DecompressionStream(sent, decompressor, preserveDecompressor: false, leaveOpen: true);
    }
}
