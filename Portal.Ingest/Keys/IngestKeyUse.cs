using System.Collections.Concurrent;
using Portal.Data;
using Portal.Data.Counts;
using Portal.TimeSeries;

namespace Portal.Ingest.Keys;

/// <summary>
/// Keeps <c>LastUsedAt</c> of the ingest keys, to the minute: a key is written at most once in <see cref="Precision"/>. What is not
/// written when the process dies is lost; on a normal shutdown it is written.
/// </summary>
internal sealed class IngestKeyUse(IngestKeyStore store, TimeProvider clock, ILogger<IngestKeyUse> logger) : PacedWriter(clock)
{
    private static readonly TimeSpan Precision = TimeSpan.FromMinutes(1);

    // Bound: the valid ingest keys.
    private readonly ConcurrentDictionary<Guid, (DateTimeOffset Used, DateTimeOffset Written)> keys = new();

    /// <summary>A request came with this key.</summary>
    public void Note(Guid key)
    {
        var now = Clock.GetUtcNow();
        if (!keys.TryGetValue(key, out var known) || now - known.Used >= Pace)
        {
            keys.AddOrUpdate(key, (now, DateTimeOffset.MinValue), (_, old) => (now, old.Written));
        }
    }

    protected override async Task WriteAsync(bool last, CancellationToken cancellationToken)
    {
        var precision = last ? TimeSpan.Zero : Precision;
        var due = keys.Where(key => key.Value.Used - key.Value.Written >= precision && key.Value.Used > key.Value.Written).ToArray();
        if (due.Length == 0)
        {
            return;
        }

        try
        {
            await store.NoteUsedAsync([.. due.Select(key => (key.Key, key.Value.Used))], cancellationToken);
            foreach (var (key, times) in due)
            {
                keys.AddOrUpdate(key, times, (_, current) => (current.Used, times.Used));
            }
        }
        catch (StoreUnavailableException e)
        {
            // Tried again at the next tick; posts tell that the database is away.
            logger.LogWarning("The last use of ingest keys could not be written: {Reason}", e.Message);
        }
    }
}
