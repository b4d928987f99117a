using System.Text.Json;
using Portal.Contracts.Fleet;
using Portal.Domain.Decoding;

namespace Fleet.Aggregator.Push;

/// <summary>Reads the body of a batch. Either all of it is read, with a reason for every row that is refused, or it throws.</summary>
internal static class PushDecoder
{
    /// <exception cref="UnreadableBatchException">It is no batch, or one that this release doesn't take.</exception>
    public static PushedBatch Decode(ReadOnlySpan<byte> body)
    {
        body = body.StartsWith("\uFEFF"u8) ? body[3..] : body;
        var first = body.IndexOfAnyExcept(" \t\r\n"u8);
        if (first < 0 || body[first] is not ((byte)'{' or (byte)'['))
        {
            throw new UnreadableBatchException(first < 0 ? BatchFault.Malformed : BatchFault.NotJson, first < 0 ? "The body is empty." : "The body is not JSON.");
        }

        var envelope = new PushEnvelope(body);
        try
        {
            envelope.Read();
            return Batch(envelope);
        }
        catch (Exception error) when (Refusal(error, body) is { } refusal)
        {
            refusal.BatchId = envelope.BatchId;
            refusal.BatchType = envelope.BatchType ?? BatchTypes.Unknown;
            throw refusal;
        }
    }

    private static UnreadableBatchException? Refusal(Exception error, ReadOnlySpan<byte> body) =>
        error switch
        {
            UnreadableBatchException own => own,
            JsonException json => new UnreadableBatchException(NativeDecoder.Located(body, json)),
            InvalidOperationException => new UnreadableBatchException(BatchFault.Malformed, "The body has text that is none: half a surrogate pair in an escape."),
            UnreadablePostException { Reason: UnreadableReason.TooManyRows } => TooManyRows(),
            _ => null,
        };

    private static PushedBatch Batch(in PushEnvelope envelope)
    {
        var version = envelope.ProtocolVersion ?? 1;
        if (version is < PushProtocol.Oldest or > PushProtocol.Current)
        {
            // Before all else: what another version means by the rest is not known here.
            throw new UnreadableBatchException(BatchFault.UnsupportedProtocol, Unsupported(version), "protocolVersion");
        }

        if (envelope.Wrong is { } wrong)
        {
            throw wrong;
        }

        var id = envelope.BatchId ?? throw Missing("batchId");
        var type = envelope.BatchType ?? throw Missing("batchType");
        if (envelope.Replace && (version < 2 || type != BatchTypes.Measurements))
        {
            throw Malformed("replace", "goes with measurements only, from protocol version 2 on.");
        }

        var batch = new PushedBatch(version, id, type, envelope.Replace);
        if (type == BatchTypes.Heartbeat)
        {
            return batch with { Client = Client(envelope) };
        }

        if (envelope.Measurements is { } measurements)
        {
            return batch with { Measurements = measurements };
        }

        var rows = envelope.Rows.IsEmpty ? throw Missing("rows") : envelope.Rows;
        return type switch
        {
            BatchTypes.Sites => batch with { Sites = Rows(rows, PushJson.Default.SiteRow) },
            BatchTypes.Devices => batch with { Devices = Rows(rows, PushJson.Default.DeviceRow) },
            _ => batch with { Measurements = Measurements(rows) },
        };
    }

    private static DecodedPost Measurements(ReadOnlySpan<byte> rows)
    {
        var reader = new Utf8JsonReader(rows, NativeDecoder.JsonOptions);
        reader.Read();
        return NativeDecoder.DecodeRows(ref reader, ref rows, PushLimits.MaxRows);
    }

    // One by one, so that a row of the wrong form is that row's fault only.
    private static List<TRow?> Rows<TRow>(ReadOnlySpan<byte> array, System.Text.Json.Serialization.Metadata.JsonTypeInfo<TRow> type)
        where TRow : class
    {
        var reader = new Utf8JsonReader(array, NativeDecoder.JsonOptions);
        reader.Read();
        var rows = new List<TRow?>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (rows.Count == PushLimits.MaxRows)
            {
                throw TooManyRows();
            }

            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            rows.Add(Row(array[start..(int)reader.BytesConsumed], type));
        }

        return rows;
    }

    private static TRow? Row<TRow>(ReadOnlySpan<byte> element, System.Text.Json.Serialization.Metadata.JsonTypeInfo<TRow> type)
        where TRow : class
    {
        try
        {
            return JsonSerializer.Deserialize(element, type);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException) // half a surrogate pair
        {
            return null;
        }
    }

    private static PushClient Client(in PushEnvelope envelope)
    {
        if (!envelope.Rows.IsEmpty && envelope.Rows[1..^1].ContainsAnyExcept(" \t\r\n"u8))
        {
            throw Malformed("rows", "of a heartbeat must be empty.");
        }

        try
        {
            var client = JsonSerializer.Deserialize(envelope.Client.IsEmpty ? throw Missing("client") : envelope.Client, PushJson.Default.PushClient)!;
            return client.BacklogRows >= 0 && client.DiskFreeBytes is not < 0
                ? client
                : throw Malformed("client", "must not say less than 0 rows or bytes.");
        }
        catch (JsonException error)
        {
            var field = "client" + (error.Path?.StartsWith("$.", StringComparison.Ordinal) == true ? error.Path[1..] : "");
            throw Malformed(field, "can't be read: it is of another kind than it must be.");
        }
    }

    private static string Unsupported(int version) =>
        $"Protocol version {version} is not taken here, only {PushProtocol.Oldest} to {PushProtocol.Current}. "
        + (
            version > PushProtocol.Current
                ? "Update the fleet's Admin stack, which goes before its customers' stacks."
                : "Update the customer's stack that pushes."
        );

    private static UnreadableBatchException TooManyRows() =>
        new(BatchFault.TooManyRows, $"A batch may have {PushLimits.MaxRows} rows. Split it into smaller ones.", "rows");

    private static UnreadableBatchException Missing(string field) => Malformed(field, "is missing.");

    private static UnreadableBatchException Malformed(string field, string what) => new(BatchFault.Malformed, $"`{field}` {what}", field);
}
