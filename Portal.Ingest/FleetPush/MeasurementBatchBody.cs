using System.Text.Json;
using Portal.Contracts.Fleet;
using Portal.Data.FleetPush;
using Portal.Domain.Decoding;
using ZstdSharp;

namespace Portal.Ingest.FleetPush;

/// <summary>
/// Encodes rows as they are read into the body of a batch, compressed on the way: only that is kept, some 25 bytes a row, for as long as the
/// batch has to be repeated.
/// </summary>
internal sealed class MeasurementBatchBody : IDisposable
{
    private const int ZstdLevel = 3; // an eighth of the size in 0.5 µs a row; higher levels cost more than the wire gains
    private const int FlushAt = 64 * 1024;

    private readonly Guid batchId = Guid.CreateVersion7();
    private readonly MemoryStream body = new();
    private readonly CompressionStream zstd;
    private readonly Utf8JsonWriter json;
    private readonly Dictionary<string, (long First, long Last)> spans = new(StringComparer.Ordinal);
    private (string Text, JsonEncodedText Encoded) serial = ("", JsonEncodedText.Encode(""));
    private int rows;

    /// <param name="replace">Stored values that differ give way to these.</param>
    public MeasurementBatchBody(DateTimeOffset sentAt, bool replace)
    {
        zstd = new CompressionStream(body, ZstdLevel, leaveOpen: true);
        json = new Utf8JsonWriter(zstd);
        json.WriteStartObject();
        json.WriteNumber("protocolVersion"u8, PushProtocol.Current);
        json.WriteString("batchId"u8, batchId);
        json.WriteString("batchType"u8, BatchTypes.Measurements);
        json.WriteString("sentAt"u8, sentAt);
        if (replace)
        {
            json.WriteBoolean("replace"u8, true);
        }

        json.WriteStartArray("rows"u8);
    }

    /// <summary>What was added, by device.</summary>
    public IReadOnlyList<PushedSpan> Spans =>
        [.. spans.Select(span => new PushedSpan(span.Key, new DateTimeOffset(span.Value.First, default), new DateTimeOffset(span.Value.Last, default)))];

    public void Add(StoredRow row)
    {
        if (row.ExternalId != serial.Text)
        {
            serial = (row.ExternalId, JsonEncodedText.Encode(row.ExternalId));
        }

        StoredRowEncoder.Write(json, serial.Encoded, row.UtcTicks, row.Values);
        var (first, last) = spans.GetValueOrDefault(row.ExternalId, (row.UtcTicks, row.UtcTicks));
        spans[row.ExternalId] = (Math.Min(first, row.UtcTicks), Math.Max(last, row.UtcTicks));
        rows++;
        if (json.BytesPending > FlushAt)
        {
            json.Flush();
        }
    }

    /// <summary>Closes the body. Nothing can be added afterwards.</summary>
    public PushMessage Finish()
    {
        json.WriteEndArray();
        json.WriteEndObject();
        json.Dispose();
        zstd.Dispose();
        return new PushMessage(batchId, BatchTypes.Measurements, rows, body.GetBuffer().AsMemory(0, (int)body.Length), IsCompressed: true);
    }

    public void Dispose()
    {
        json.Dispose();
        zstd.Dispose();
    }
}
