using System.Runtime.InteropServices;
using Microsoft.Extensions.Options;

namespace Portal.Ingest.Bodies;

/// <summary>
/// The bytes that posts under way hold, all together and by key. A replay wave after an outage is many large posts at once: what does
/// not fit is told to come again, before the process runs out of memory with posts in it that were not answered yet.
/// </summary>
/// <remarks>One key gets half at most, so that one site's wave can't shut the others out.</remarks>
internal sealed class MemoryBudget(IOptions<IngestOptions> options)
{
    private readonly long total = options.Value.MaxBufferedBytes;
    private readonly Lock gate = new();
    private readonly Dictionary<Guid, long> byKey = []; // bound: keys with posts under way
    private long used;

    /// <summary>Bytes held at the moment.</summary>
    public long Used => Interlocked.Read(ref used);

    /// <summary>Starts the account of one post; disposing it gives everything back.</summary>
    public Lease Open(Guid key) => new(this, key);

    private MemoryGrant Take(Guid key, long bytes)
    {
        lock (gate)
        {
            if (used + bytes > total)
            {
                return MemoryGrant.Exhausted;
            }

            ref var own = ref CollectionsMarshal.GetValueRefOrAddDefault(byKey, key, out _);
            if (own + bytes > total / 2)
            {
                return MemoryGrant.KeyExhausted;
            }

            own += bytes;
            used += bytes;
            return MemoryGrant.Given;
        }
    }

    private void Return(Guid key, long bytes)
    {
        lock (gate)
        {
            used -= bytes;
            if ((byKey[key] -= bytes) == 0)
            {
                byKey.Remove(key);
            }
        }
    }

    /// <summary>What one post holds. Not safe for concurrent use.</summary>
    internal sealed class Lease(MemoryBudget budget, Guid key) : IDisposable
    {
        private long held;

        /// <summary>Asks for more; nothing changes where it is refused.</summary>
        public MemoryGrant Take(long bytes)
        {
            var grant = budget.Take(key, bytes);
            held += grant == MemoryGrant.Given ? bytes : 0;
            return grant;
        }

        public void Return(long bytes)
        {
            budget.Return(key, bytes);
            held -= bytes;
        }

        public void Dispose()
        {
            if (held > 0)
            {
                Return(held);
            }
        }
    }
}

/// <summary>Answer to a wish for memory.</summary>
internal enum MemoryGrant
{
    Given,

    /// <summary>This key's posts hold half of all memory.</summary>
    KeyExhausted,

    /// <summary>All posts together hold all of it.</summary>
    Exhausted,
}
