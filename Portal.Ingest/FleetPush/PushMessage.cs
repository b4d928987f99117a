using ZstdSharp;

namespace Portal.Ingest.FleetPush;

/// <summary>One batch as it is sent, and sent again: a repetition has the same id, so that it has the effect of once. Or a question of the ledger.</summary>
/// <param name="BatchId">UUID version 7.</param>
/// <param name="BatchType">One of <see cref="Portal.Contracts.Fleet.BatchTypes"/>, or <see cref="Ledger"/>.</param>
/// <param name="Rows">How many rows it holds.</param>
/// <param name="Body">The JSON, compressed where <paramref name="IsCompressed"/>.</param>
/// <param name="IsCompressed">With zstd.</param>
internal sealed record PushMessage(Guid BatchId, string BatchType, int Rows, ReadOnlyMemory<byte> Body, bool IsCompressed)
{
    /// <summary>Type of what is no batch: the ledger's comparison, and its fetching of rows.</summary>
    public const string Ledger = "ledger";

    /// <summary>Where it goes to, relative to where batches go.</summary>
    public string Path { get; init; } = "";

    /// <summary>Most bytes read of its answer: a hundred rejections take 15 KB.</summary>
    public int MostAnswerBytes { get; init; } = 256 * 1024;

    public bool IsLedger => BatchType == Ledger;

    /// <summary>The same batch for a receiver that doesn't know zstd.</summary>
    public PushMessage Decompressed()
    {
        if (!IsCompressed)
        {
            return this;
        }

        using var zstd = new DecompressionStream(new MemoryStream(Body.ToArray()), leaveOpen: false);
        using var plain = new MemoryStream();
        zstd.CopyTo(plain);
        return this with { Body = plain.GetBuffer().AsMemory(0, (int)plain.Length), IsCompressed = false };
    }
}
