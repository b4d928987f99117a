using System.Text.Json;
using Portal.Contracts.Fleet;
using Portal.Domain.Decoding;

namespace Fleet.Aggregator.Push;

/// <summary>A batch as it was read from its body. Of its rows only those of its type are there.</summary>
/// <param name="Replace">With measurements only: stored values that differ give way.</param>
internal sealed record PushedBatch(int ProtocolVersion, Guid Id, string Type, bool Replace)
{
    /// <summary>A site or a device with its texts.</summary>
    private const long RowBytes = 640;

    public DecodedPost? Measurements { get; init; }

    /// <summary>In the order of the batch; null in the place of a row that can't be read.</summary>
    public IReadOnlyList<SiteRow?>? Sites { get; init; }

    /// <summary>In the order of the batch; null in the place of a row that can't be read.</summary>
    public IReadOnlyList<DeviceRow?>? Devices { get; init; }

    /// <summary>Of a heartbeat.</summary>
    public PushClient? Client { get; init; }

    /// <summary>Rows; of measurements the device-instants, since two parts of one instant are one.</summary>
    public int Rows => Measurements?.Batch.Count ?? Sites?.Count ?? Devices?.Count ?? 0;

    /// <summary>Memory that the rows take from decoding to their commit.</summary>
    public long Bytes => Measurements?.Batch.Bytes ?? RowBytes * Rows;
}

/// <summary>A batch can't be read. The message tells its sender what is wrong and where.</summary>
internal sealed class UnreadableBatchException : Exception
{
    public UnreadableBatchException(BatchFault fault, string message, string? field = null)
        : base(message) => (Fault, Field) = (fault, field);

    public UnreadableBatchException(JsonException error)
        : this(
            BatchFault.Malformed,
            $"The body is not valid JSON, or is nested too deeply, at line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1}. Nothing of it was stored."
        ) { }

    public BatchFault Fault { get; }

    /// <summary>The property that is wrong; null where the body is as a whole.</summary>
    public string? Field { get; }

    /// <summary>What was read before, for the event; null where it was not read.</summary>
    public Guid? BatchId { get; set; }

    /// <summary>One of <see cref="BatchTypes"/>.</summary>
    public string BatchType { get; set; } = BatchTypes.Unknown;
}

/// <summary>Which answer fits.</summary>
internal enum BatchFault
{
    /// <summary>400.</summary>
    Malformed,

    /// <summary>400 of its own kind.</summary>
    UnsupportedProtocol,

    /// <summary>413.</summary>
    TooManyRows,

    /// <summary>415, unless the sender said that it is JSON.</summary>
    NotJson,
}
