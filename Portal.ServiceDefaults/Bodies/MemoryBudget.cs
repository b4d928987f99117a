using System.Runtime.InteropServices;

namespace Portal.ServiceDefaults.Bodies;

/// <summary>
/// The bytes that requests under way hold, all together and by key (whoever sends them). A replay wave after an outage is many large bodies
/// at once: what does not fit is told to come again, before the process runs out of memory with requests in it that were not answered yet.
/// </summary>
/// <remarks>One key gets half at most, so that one sender's wave can't shut the others out.</remarks>
/// <param name="total">Bytes of all requests together.</param>
public sealed class MemoryBudget<TKey>(long total)
    where TKey : notnull
{
    private readonly Lock gate = new();
    private readonly Dictionary<TKey, long> byKey = []; // bound: keys with requests under way
    private long used;

    /// <summary>Bytes held at the moment.</summary>
    public long Used => Interlocked.Read(ref used);

    /// <summary>Starts the account of one request; disposing it gives everything back.</summary>
    public MemoryLease Open(TKey key) => new(bytes => Take(key, bytes), bytes => Return(key, bytes));

    private MemoryGrant Take(TKey key, long bytes)
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

    private void Return(TKey key, long bytes)
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
}

/// <summary>What one request holds of a <see cref="MemoryBudget{TKey}"/>. Not safe for concurrent use.</summary>
public sealed class MemoryLease : IDisposable
{
    private readonly Func<long, MemoryGrant> take;
    private readonly Action<long> giveBack;
    private long held;

    internal MemoryLease(Func<long, MemoryGrant> take, Action<long> giveBack) => (this.take, this.giveBack) = (take, giveBack);

    /// <summary>Asks for more; nothing changes where it is refused.</summary>
    public MemoryGrant Take(long bytes)
    {
        var grant = take(bytes);
        held += grant == MemoryGrant.Given ? bytes : 0;
        return grant;
    }

    public void Return(long bytes)
    {
        giveBack(bytes);
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

/// <summary>Answer to a wish for memory.</summary>
public enum MemoryGrant
{
    Given,

    /// <summary>This key's requests hold half of all memory.</summary>
    KeyExhausted,

    /// <summary>All requests together hold all of it.</summary>
    Exhausted,
}
