using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Security.Cryptography;
using Portal.Data;
using Portal.Domain.Keys;

namespace Portal.Ingest.Keys;

/// <summary>
/// The valid ingest keys of the stack, read as a whole: there are few, and a post then costs no look-up. What was read is believed for
/// <see cref="BelievedFor"/>, so a revoked key stops within that; an unknown key is refused only by a reading that began after the
/// post came, so a new key works at once.
/// </summary>
/// <remarks>
/// While the database is away nobody is told that a key is wrong: <see cref="FindAsync"/> throws, and the post is answered 503.
/// Readings follow each other with a pause at least, so made-up keys can't load the database.
/// </remarks>
internal sealed class IngestKeyRing(IngestKeyStore store, TimeProvider clock) : IDisposable
{
    public static readonly TimeSpan BelievedFor = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly SemaphoreSlim reading = new(1);
    private volatile Snapshot snapshot = new(FrozenDictionary<long, ValidIngestKey[]>.Empty, long.MinValue);

    /// <summary>The key's id, or null where no valid key is this one.</summary>
    public async ValueTask<Guid?> FindAsync(IngestKeyToken token, CancellationToken cancellationToken)
    {
        var hash = token.Hash();
        var arrived = clock.GetTimestamp();
        var current = snapshot;
        if (current.Began != long.MinValue && clock.GetElapsedTime(current.Began, arrived) < BelievedFor && current.Find(hash) is { } known)
        {
            return known;
        }

        return (await ReadAsync(arrived, cancellationToken)).Find(hash);
    }

    public void Dispose() => reading.Dispose();

    private async Task<Snapshot> ReadAsync(long arrived, CancellationToken cancellationToken)
    {
        await reading.WaitAsync(cancellationToken);
        try
        {
            // Whoever waited for somebody else's reading that began late enough has its answer.
            if (snapshot.Began >= arrived)
            {
                return snapshot;
            }

            if (snapshot.Began != long.MinValue && Pause - clock.GetElapsedTime(snapshot.Began) is { Ticks: > 0 } pause)
            {
                await Task.Delay(pause, clock, cancellationToken);
            }

            return snapshot = await LoadAsync(cancellationToken);
        }
        finally
        {
            reading.Release();
        }
    }

    private async Task<Snapshot> LoadAsync(CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        var keys = await store.ListValidAsync(cancellationToken);
        return new Snapshot(keys.GroupBy(key => Bucket(key.Hash)).ToFrozenDictionary(group => group.Key, group => group.ToArray()), began);
    }

    private static long Bucket(ReadOnlySpan<byte> hash) => BinaryPrimitives.ReadInt64LittleEndian(hash);

    /// <param name="Keys">By the first eight bytes of the hash.</param>
    /// <param name="Began">The clock's timestamp before the database was asked.</param>
    private sealed record Snapshot(FrozenDictionary<long, ValidIngestKey[]> Keys, long Began)
    {
        public Guid? Find(byte[] hash)
        {
            foreach (var key in Keys.GetValueOrDefault(Bucket(hash), []))
            {
                if (CryptographicOperations.FixedTimeEquals(key.Hash, hash))
                {
                    return key.Id;
                }
            }

            return null;
        }
    }
}
