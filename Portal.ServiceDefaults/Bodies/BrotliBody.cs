using System.Buffers;
using System.IO.Compression;

namespace Portal.ServiceDefaults.Bodies;

/// <summary>
/// Decompresses brotli and fails where the data end too early. The framework's BrotliStream takes that for the end, and half of a log
/// file is still one.
/// </summary>
internal sealed class BrotliBody(Stream sent) : ReadOnlyStream
{
    private readonly byte[] input = new byte[16 * 1024];
    private BrotliDecoder decoder;
    private ReadOnlyMemory<byte> pending;
    private bool isDone;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!isDone)
        {
            var status = decoder.Decompress(pending.Span, buffer.Span, out var consumed, out var written);
            pending = pending[consumed..];
            isDone = status == OperationStatus.Done;
            if (status == OperationStatus.InvalidData)
            {
                throw new InvalidDataException("Not brotli.");
            }

            if (written > 0 || isDone)
            {
                return written;
            }

            var read = await sent.ReadAsync(input, cancellationToken);
            if (read == 0)
            {
                throw new InvalidDataException("Cut off.");
            }

            pending = input.AsMemory(0, read);
        }

        return 0;
    }

    protected override void Dispose(bool disposing)
    {
        decoder.Dispose();
        base.Dispose(disposing);
    }
}
