using System.Runtime.InteropServices;

namespace Portal.Data.Counts;

/// <summary>Counts by key that wait to be written. Safe for many threads.</summary>
/// <param name="limit">Keys between two writes; what goes beyond is not counted.</param>
public sealed class PendingCounts<TKey>(int limit)
    where TKey : notnull
{
    private readonly Lock gate = new();
    private Dictionary<TKey, long> counts = [];

    public void Add(IEnumerable<TKey> keys) => Add(keys.Select(key => KeyValuePair.Create(key, 1L)));

    public void Add(IEnumerable<KeyValuePair<TKey, long>> more)
    {
        lock (gate)
        {
            foreach (var (key, count) in more)
            {
                if (counts.Count < limit || counts.ContainsKey(key))
                {
                    CollectionsMarshal.GetValueRefOrAddDefault(counts, key, out _) += count;
                }
            }
        }
    }

    /// <summary>Hands what was counted to <paramref name="write"/>, and takes it back if that throws. Nothing counted: nothing is called.</summary>
    public async Task WriteAsync(Func<IReadOnlyDictionary<TKey, long>, Task> write)
    {
        Dictionary<TKey, long> due;
        lock (gate)
        {
            (due, counts) = (counts, []);
        }

        if (due.Count == 0)
        {
            return;
        }

        try
        {
            await write(due);
        }
        catch
        {
            Add(due);
            throw;
        }
    }
}
