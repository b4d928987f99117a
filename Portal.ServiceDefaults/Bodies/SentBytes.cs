using System.Buffers.Binary;

namespace Portal.ServiceDefaults.Bodies;

/// <summary>
/// The bytes as sent. They have the limit of a body too, so that a compressed body can't be larger than a plain one, and the last of
/// them are kept, since they say whether a gzip body is whole.
/// </summary>
internal sealed class SentBytes(Stream inner, long limit) : ReadOnlyStream
{
    private const int TrailerLength = 8;

    private readonly byte[] last = new byte[TrailerLength];

    /// <summary>How many there were so far.</summary>
    public long Count { get; private set; }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var bytes = await inner.ReadAsync(buffer, cancellationToken);
        Count += bytes;
        if (Count > limit)
        {
            throw new BodyTooLargeException();
        }

        Keep(buffer.Span[..bytes]);
        return bytes;
    }

    /// <summary>
    /// Whether gzip data ended with their trailer, CRC-32 and length of what they hold (RFC 1952). The framework's GZipStream checks a
    /// trailer that is there and takes data without one for whole. Members may follow each other; the trailer is the last one's.
    /// </summary>
    public bool IsWholeGzip(ReadOnlySpan<byte> plain)
    {
        var length = BinaryPrimitives.ReadUInt32LittleEndian(last.AsSpan(4));
        if (length == (uint)plain.Length)
        {
            return true; // it would be so by chance once in 2³²
        }

        return length < plain.Length && Crc32(plain[^(int)length..]) == BinaryPrimitives.ReadUInt32LittleEndian(last);
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < TrailerLength)
        {
            last.AsSpan(bytes.Length).CopyTo(last);
            bytes.CopyTo(last.AsSpan(TrailerLength - bytes.Length));
            return;
        }

        bytes[^TrailerLength..].CopyTo(last);
    }

    // Bit by bit: for the rare body of several members only.
    private static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ (0xEDB88320u & (0u - (crc & 1)));
            }
        }

        return ~crc;
    }
}

/// <summary>More was sent than a body may have.</summary>
internal sealed class BodyTooLargeException : Exception;
