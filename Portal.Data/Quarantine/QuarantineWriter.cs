using System.Security.Cryptography;
using Npgsql;
using NpgsqlTypes;
using Portal.Domain.Decoding;
using Portal.TimeSeries;

namespace Portal.Data.Quarantine;

/// <summary>Keeps rows of unknown devices, in the transaction that found them unknown.</summary>
internal static class QuarantineWriter
{
    /// <summary>Rows in one quarantined post: 1.3 MB at most, so that admitting a month of rows needs the memory of a few of them.</summary>
    internal const int MaxRows = 1_000;

    // Sent in one statement.
    private const int MaxBytesAtOnce = 4 << 20;
    private const int MaxPostsAtOnce = 500;

    /// <summary>Adds the rows, unless the very same of the same device are there already.</summary>
    /// <param name="unknown">In the order of their posts.</param>
    /// <returns>What is there now and was not before.</returns>
    public static async Task<QuarantineAmount> AddAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        IReadOnlyList<(ReceivedPost Post, int Row)> unknown,
        CancellationToken cancellationToken
    )
    {
        var kept = default(QuarantineAmount);
        var waiting = new List<QuarantinedPost>();
        foreach (var slice in Slices(unknown))
        {
            waiting.Add(Encode(slice));
            if (waiting.Count == MaxPostsAtOnce || waiting.Sum(post => (long)post.Bytes) > MaxBytesAtOnce)
            {
                kept += await InsertAsync(connection, transaction, waiting, cancellationToken);
                waiting.Clear();
            }
        }

        return waiting.Count == 0 ? kept : kept + await InsertAsync(connection, transaction, waiting, cancellationToken);
    }

    // Every writer takes the same slices in the same order, so that two with the same posts wait for each other in one direction.
    private static IEnumerable<(ReceivedPost Post, int[] Rows)> Slices(IReadOnlyList<(ReceivedPost Post, int Row)> unknown) =>
        unknown
            .GroupBy(row => (row.Post, row.Post.Batch.Keys[row.Row].Device, row.Post.Batch.Keys[row.Row].IsLocal))
            .SelectMany(group => group.Select(row => row.Row).Chunk(MaxRows).Select(rows => (group.Key.Post, Rows: rows)))
            .OrderBy(slice => slice.Post.Batch.ExternalIds[slice.Post.Batch.Keys[slice.Rows[0]].Device], StringComparer.Ordinal)
            .ThenBy(slice => slice.Post.Batch.Keys[slice.Rows[0]].IsLocal)
            .ThenBy(slice => slice.Post.Batch.Keys[slice.Rows[0]].Ticks)
            .ThenBy(slice => slice.Rows.Length);

    private static QuarantinedPost Encode((ReceivedPost Post, int[] Rows) slice)
    {
        var keys = slice.Post.Batch.Keys;
        var first = keys[slice.Rows[0]];
        var (min, max) = (first.Ticks, first.Ticks);
        foreach (var row in slice.Rows)
        {
            (min, max) = (Math.Min(min, keys[row].Ticks), Math.Max(max, keys[row].Ticks));
        }

        var payload = NativeEncoder.Encode(slice.Post.Batch, slice.Rows);
        return new QuarantinedPost
        {
            ExternalId = slice.Post.Batch.ExternalIds[first.Device],
            ReceivedAt = slice.Post.ReceivedAt,
            MinTime = first.IsLocal ? null : new DateTimeOffset(min, TimeSpan.Zero),
            MaxTime = first.IsLocal ? null : new DateTimeOffset(max, TimeSpan.Zero),
            Rows = slice.Rows.Length,
            Bytes = payload.Length,
            IsLocal = first.IsLocal,
            Hash = SHA256.HashData(payload),
            Payload = payload,
        };
    }

    private static async Task<QuarantineAmount> InsertAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        List<QuarantinedPost> posts,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(
            """
            WITH added AS (
              INSERT INTO monitoring."QuarantinedPosts"
                ("ExternalId", "ReceivedAt", "MinTime", "MaxTime", "Rows", "Bytes", "IsLocal", "Hash", "Payload")
              SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9)
              ON CONFLICT ("ExternalId", "Hash") DO NOTHING
              RETURNING "Rows", "Bytes")
            SELECT coalesce(sum("Rows"), 0)::bigint, coalesce(sum("Bytes"), 0)::bigint FROM added
            """,
            connection,
            transaction
        )
        {
            Parameters =
            {
                new NpgsqlParameter<string[]> { TypedValue = posts.Select(p => p.ExternalId).ToArray() },
                Instants(posts.Select(p => (DateTime?)p.ReceivedAt.UtcDateTime)),
                Instants(posts.Select(p => p.MinTime?.UtcDateTime)),
                Instants(posts.Select(p => p.MaxTime?.UtcDateTime)),
                new NpgsqlParameter<int[]> { TypedValue = posts.Select(p => p.Rows).ToArray() },
                new NpgsqlParameter<int[]> { TypedValue = posts.Select(p => p.Bytes).ToArray() },
                new NpgsqlParameter<bool[]> { TypedValue = posts.Select(p => p.IsLocal).ToArray() },
                new NpgsqlParameter<byte[][]> { TypedValue = posts.Select(p => p.Hash).ToArray() },
                new NpgsqlParameter<byte[][]> { TypedValue = posts.Select(p => p.Payload).ToArray() },
            },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new QuarantineAmount(reader.GetInt64(0), reader.GetInt64(1));
    }

    private static NpgsqlParameter<DateTime?[]> Instants(IEnumerable<DateTime?> instants) =>
        new()
        {
            TypedValue = instants.ToArray(),
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz,
        };
}
