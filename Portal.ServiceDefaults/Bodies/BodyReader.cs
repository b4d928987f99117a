using System.IO.Compression;
using Microsoft.AspNetCore.Http;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Portal.ServiceDefaults.Bodies;

/// <summary>Why a body was not read.</summary>
public enum BodyFault
{
    /// <summary>Larger than a body may be, compressed or not.</summary>
    TooLarge,

    /// <summary>Compressed in a way that is none of <see cref="BodyReader.Encodings"/>.</summary>
    UnknownEncoding,

    /// <summary>Not what its <c>Content-Encoding</c> says, or cut off.</summary>
    BrokenCompression,

    /// <summary>This sender's requests hold half of the memory for bodies.</summary>
    KeyExhausted,

    /// <summary>All requests together hold all of it.</summary>
    Exhausted,
}

/// <summary>Reads and decompresses a request's body into memory, within the limits of one body and of all bodies under way.</summary>
/// <remarks>
/// The server's own limit (<c>MaxRequestBodySize</c>) must be off for what this reads: it would cut the connection in the middle of a body
/// without a length, and the sender would see a broken pipe instead of the 413. What is still being sent is read away for five seconds.
/// </remarks>
/// <param name="maxBodyBytes">Most bytes of one body, as sent and decompressed; below 2 GiB.</param>
public sealed class BodyReader(long maxBodyBytes)
{
    /// <summary>What is read besides plain bodies, as in <c>Accept-Encoding</c> of a 415 (RFC 7694).</summary>
    public const string Encodings = "gzip, br, zstd";

    private const int FirstBuffer = 16 * 1024; // a post of one device's instant has 1 to 4 KB
    private const int LargestFirstBuffer = 1024 * 1024; // whoever only announces a large body doesn't get memory for it yet
    private const int ZstdWindowLog = 23; // 8 MiB, what RFC 9659 allows in HTTP; the format would allow 2 GiB

    private readonly int limit = checked((int)maxBodyBytes);

    /// <summary>The request's <c>Content-Encoding</c> in lower case; empty where it has none.</summary>
    public static string EncodingOf(HttpRequest request) => request.Headers.ContentEncoding.ToString().Trim().ToLowerInvariant();

    /// <summary>Fills the body; null where all of it was read.</summary>
    public async Task<BodyFault?> ReadAsync(HttpRequest request, BufferedBody body, CancellationToken cancellationToken)
    {
        if (request.ContentLength > limit)
        {
            return BodyFault.TooLarge;
        }

        var sent = new SentBytes(request.Body, limit);
        Stream? plain = EncodingOf(request) switch
        {
            "" or "identity" => sent,
            "gzip" or "x-gzip" => new GZipStream(sent, CompressionMode.Decompress),
            "br" => new BrotliBody(sent),
            "zstd" => Zstd(sent),
            _ => null,
        };
        if (plain is null)
        {
            return BodyFault.UnknownEncoding;
        }

        await using var _ = plain;
        try
        {
            var fault = await FillAsync(plain, body, plain == sent ? (int?)request.ContentLength : null, cancellationToken);
            return fault is null && plain is GZipStream && !sent.IsWholeGzip(body.Bytes.Span) ? BodyFault.BrokenCompression : fault;
        }
        catch (BodyTooLargeException)
        {
            return BodyFault.TooLarge;
        }
        catch (Exception e) when (plain != sent && e is InvalidDataException or InvalidOperationException or ZstdException or EndOfStreamException)
        {
            return BodyFault.BrokenCompression;
        }
        finally
        {
            body.Sent = sent.Count;
        }
    }

    private async Task<BodyFault?> FillAsync(Stream stream, BufferedBody body, int? length, CancellationToken cancellationToken)
    {
        var next = Math.Min(length ?? FirstBuffer, LargestFirstBuffer);
        while (body.Length != length)
        {
            if (body.Length == limit)
            {
                return await stream.ReadAsync(new byte[1], cancellationToken) == 0 ? null : BodyFault.TooLarge;
            }

            if (body.Room.IsEmpty)
            {
                switch (body.Grow(Math.Min(next, limit)))
                {
                    case MemoryGrant.KeyExhausted:
                        return BodyFault.KeyExhausted;
                    case MemoryGrant.Exhausted:
                        return BodyFault.Exhausted;
                }

                next = (int)Math.Min((length is null ? 2L : 4L) * (body.Length + body.Room.Length), length ?? limit);
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
