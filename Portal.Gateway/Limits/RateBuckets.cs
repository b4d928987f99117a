using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Portal.Gateway.Stacks;

namespace Portal.Gateway.Limits;

/// <summary>
/// Counts callers' requests: a bucket of <see cref="Rate.Burst"/> that fills by <see cref="Rate.PerSecond"/>. Of each bucket only
/// is known when it will be full again, so a caller takes 32 bytes. Memory is fixed: 32,768 callers, 1 MiB. A newcomer beyond that takes the
/// place of the fullest of eight buckets, whose owner is forgiven what it took: nobody is refused because of others.
/// </summary>
internal sealed class RateBuckets
{
    private const int Sets = 4096;
    private const int Ways = 8;

    private readonly TimeProvider time;
    private readonly long origin;
    private readonly Bucket[] buckets = new Bucket[Sets * Ways];
    private readonly Lock[] gates = [.. Enumerable.Range(0, 64).Select(_ => new Lock())];
    // Which callers share a place can't be found out from outside.
    private readonly byte[] salt = RandomNumberGenerator.GetBytes(16);

    public RateBuckets(TimeProvider time)
    {
        this.time = time;
        origin = time.GetTimestamp();
    }

    /// <summary>Takes one request out of a caller's bucket. Null where it may go on, else how long until it might.</summary>
    /// <param name="caller">Who asks, for what, at which stack. It is kept as a hash only.</param>
    public TimeSpan? Take(string caller, Rate rate)
    {
        var key = Key(caller);
        var set = (int)(uint)(key % Sets);
        var now = time.GetElapsedTime(origin);
        var interval = TimeSpan.FromSeconds(1 / rate.PerSecond);
        var depth = interval * rate.Burst;
        lock (gates[set % gates.Length])
        {
            ref var bucket = ref Find(set, key);
            var full = (bucket.Key == key && bucket.FullAt > now ? bucket.FullAt : now) + interval;
            if (full - now > depth) return full - now - depth;
            bucket = new Bucket(key, full);
            return null;
        }
    }

    private ref Bucket Find(int set, UInt128 key)
    {
        var first = set * Ways;
        var fullest = first;
        for (var i = first; i < first + Ways; i++)
        {
            if (buckets[i].Key == key) return ref buckets[i];
            if (buckets[i].FullAt < buckets[fullest].FullAt) fullest = i;
        }

        return ref buckets[fullest];
    }

    private UInt128 Key(string caller)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData([.. salt, .. Encoding.UTF8.GetBytes(caller)], hash);
        return BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }

    private readonly record struct Bucket(UInt128 Key, TimeSpan FullAt);
}
