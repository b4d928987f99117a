using System.Buffers;

namespace Portal.Ingest.Bodies;

/// <summary>The decompressed body of a post in pooled memory, gone when disposed.</summary>
internal sealed class PostBody(MemoryBudget.Lease lease) : IDisposable
{
    private byte[] buffer = [];

    public ReadOnlyMemory<byte> Bytes => buffer.AsMemory(0, Length);

    public int Length { get; private set; }

    /// <summary>Room behind what is there; empty while the buffer is full.</summary>
    public Memory<byte> Room => buffer.AsMemory(Length);

    public void Advance(int bytes) => Length += bytes;

    /// <summary>Makes the buffer at least this large.</summary>
    public MemoryGrant Grow(int capacity)
    {
        var larger = ArrayPool<byte>.Shared.Rent(capacity);
        var grant = lease.Take(larger.Length);
        if (grant != MemoryGrant.Given)
        {
            ArrayPool<byte>.Shared.Return(larger);
            return grant;
        }

        Bytes.CopyTo(larger);
        Free();
        buffer = larger;
        return grant;
    }

    public void Dispose()
    {
        Free();
        Length = 0;
    }

    private void Free()
    {
        if (buffer.Length == 0)
        {
            return;
        }

        lease.Return(buffer.Length);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = [];
    }
}
