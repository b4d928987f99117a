using System.Buffers;
using System.Numerics;

namespace Portal.ServiceDefaults.Bodies;

/// <summary>The decompressed body of a request in pooled memory, gone when disposed.</summary>
public sealed class BufferedBody(MemoryLease lease) : IDisposable
{
    private byte[] buffer = [];

    public ReadOnlyMemory<byte> Bytes => buffer.AsMemory(0, Length);

    public int Length { get; private set; }

    /// <summary>Bytes that were sent for it, compressed or not; of a body that was refused, as far as it was read.</summary>
    public long Sent { get; internal set; }

    /// <summary>Room behind what is there; empty while the buffer is full.</summary>
    internal Memory<byte> Room => buffer.AsMemory(Length);

    public void Dispose()
    {
        Free();
        Length = 0;
    }

    internal void Advance(int bytes) => Length += bytes;

    /// <summary>Makes the buffer at least this large.</summary>
    internal MemoryGrant Grow(int capacity)
    {
        // Asked for before anything is rented: under overload what is refused would fill the pool, beside what the budget gave. Its buffers have powers of two from 16 on.
        var size = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(capacity, 16));
        var grant = lease.Take(size);
        if (grant != MemoryGrant.Given)
        {
            return grant;
        }

        var larger = ArrayPool<byte>.Shared.Rent(size);
        Bytes.CopyTo(larger);
        Free();
        buffer = larger;
        return grant;
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
