using System.Text.Json;
using Portal.Contracts.Fleet;
using Portal.Domain.Decoding;

namespace Fleet.Aggregator.Push;

/// <summary>
/// The properties of a batch's body, in whatever order they come:
/// <code>
/// {"protocolVersion":2,"batchId":"0199…","batchType":"measurements","sentAt":"2026-11-23T10:00:00Z","rows":[{"externalId":"AN12345",…}]}
/// </code>
/// Rows of measurements are read straight into a batch when they are met, if it is known by then that they are measurements, as every sender
/// of ours writes it; else their place is kept, and they are read once all else is known. Properties that nobody knows are those of a
/// newer sender, and skipped.
/// </summary>
internal ref struct PushEnvelope(ReadOnlySpan<byte> document)
{
    private ReadOnlySpan<byte> document = document; // what the reader counts its places from
    private Fields seen;

    public int? ProtocolVersion { get; private set; }

    public Guid? BatchId { get; private set; }

    public string? BatchType { get; private set; }

    public bool Replace { get; private set; }

    /// <summary>The array of rows, brackets included, if they could not be read at once; empty where there is none.</summary>
    public ReadOnlySpan<byte> Rows { get; private set; }

    /// <summary>The client's object; empty where there is none.</summary>
    public ReadOnlySpan<byte> Client { get; private set; }

    /// <summary>The rows, if they could be read at once.</summary>
    public DecodedPost? Measurements { get; private set; }

    /// <summary>The first property that is not as it must be in the versions known here; null where all are.</summary>
    public UnreadableBatchException? Wrong { get; private set; }

    [Flags]
    private enum Fields
    {
        None = 0,
        ProtocolVersion = 1,
        BatchId = 2,
        BatchType = 4,
        SentAt = 8,
        Rows = 16,
        Client = 32,
        Replace = 64,
    }

    /// <exception cref="UnreadableBatchException">It is not an object.</exception>
    /// <exception cref="UnreadablePostException">Too many rows.</exception>
    /// <exception cref="JsonException">The document is no JSON; <see cref="NativeDecoder.Located"/> says where.</exception>
    public void Read()
    {
        var reader = new Utf8JsonReader(document, NativeDecoder.JsonOptions);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw new UnreadableBatchException(BatchFault.Malformed, "The body must be a JSON object.");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var field = Field(ref reader, out var name);
            reader.Read();
            if ((seen & field) != 0)
            {
                Refuse(ref reader, name, "is there twice.");
                continue;
            }

            seen |= field;
            Value(ref reader, field);
        }

        reader.Read(); // throws where something follows the object
    }

    private void Value(scoped ref Utf8JsonReader reader, Fields field)
    {
        switch (field, reader.TokenType)
        {
            case (Fields.ProtocolVersion or Fields.Replace or Fields.SentAt or Fields.Client, JsonTokenType.Null):
                break;
            case (Fields.ProtocolVersion, JsonTokenType.Number) when reader.TryGetInt32(out var version):
                ProtocolVersion = version;
                break;
            case (Fields.ProtocolVersion, _):
                Refuse(ref reader, "protocolVersion", "must be a whole number.");
                break;
            case (Fields.BatchId, JsonTokenType.String) when reader.TryGetGuid(out var id) && id != Guid.Empty:
                BatchId = id;
                break;
            case (Fields.BatchId, _):
                Refuse(ref reader, "batchId", "must be a UUID such as 0199d2f4-5a10-7c3e-9b1d-0f6c1a2b3c4d, made anew for each batch.");
                break;
            case (Fields.BatchType, JsonTokenType.String) when TypeOf(ref reader) is { } type:
                BatchType = type;
                break;
            case (Fields.BatchType, _):
                Refuse(ref reader, "batchType", "must be sites, devices, measurements or heartbeat.");
                break;
            case (Fields.SentAt, JsonTokenType.Number):
            case (Fields.SentAt, JsonTokenType.String) when reader.TryGetDateTimeOffset(out _):
                break; // for people who read along; nothing here depends on the sender's clock
            case (Fields.SentAt, _):
                Refuse(ref reader, "sentAt", "must be an ISO 8601 time such as 2026-11-23T10:00:00Z.");
                break;
            case (Fields.Rows, JsonTokenType.StartArray):
                TakeRows(ref reader);
                break;
            case (Fields.Rows, _):
                Refuse(ref reader, "rows", "must be an array.");
                break;
            case (Fields.Client, JsonTokenType.StartObject):
                Client = Skipped(ref reader);
                break;
            case (Fields.Replace, JsonTokenType.True or JsonTokenType.False):
                Replace = reader.TokenType == JsonTokenType.True;
                break;
            case (Fields.Replace, _):
                Refuse(ref reader, "replace", "must be true or false.");
                break;
            default:
                reader.Skip();
                break;
        }
    }

    // What it is of is known only later: a newer version may well have other values.
    private void Refuse(scoped ref Utf8JsonReader reader, string field, string what)
    {
        Wrong ??= new UnreadableBatchException(BatchFault.Malformed, $"`{field}` {what}", field);
        reader.Skip();
    }

    private void TakeRows(scoped ref Utf8JsonReader reader)
    {
        if (BatchType == BatchTypes.Measurements)
        {
            Measurements = NativeDecoder.DecodeRows(ref reader, ref document, PushLimits.MaxRows);
            return;
        }

        Rows = Skipped(ref reader);
    }

    private readonly ReadOnlySpan<byte> Skipped(scoped ref Utf8JsonReader reader)
    {
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return document[start..(int)reader.BytesConsumed];
    }

    private static Fields Field(scoped ref Utf8JsonReader reader, out string name)
    {
        (name, var field) =
            reader.ValueTextEquals("protocolVersion"u8) ? ("protocolVersion", Fields.ProtocolVersion)
            : reader.ValueTextEquals("batchId"u8) ? ("batchId", Fields.BatchId)
            : reader.ValueTextEquals("batchType"u8) ? ("batchType", Fields.BatchType)
            : reader.ValueTextEquals("sentAt"u8) ? ("sentAt", Fields.SentAt)
            : reader.ValueTextEquals("rows"u8) ? ("rows", Fields.Rows)
            : reader.ValueTextEquals("client"u8) ? ("client", Fields.Client)
            : reader.ValueTextEquals("replace"u8) ? ("replace", Fields.Replace)
            : ("", Fields.None);
        return field;
    }

    private static string? TypeOf(scoped ref Utf8JsonReader reader) =>
        reader.ValueTextEquals(BatchTypes.Measurements) ? BatchTypes.Measurements
        : reader.ValueTextEquals(BatchTypes.Heartbeat) ? BatchTypes.Heartbeat
        : reader.ValueTextEquals(BatchTypes.Devices) ? BatchTypes.Devices
        : reader.ValueTextEquals(BatchTypes.Sites) ? BatchTypes.Sites
        : null;
}
