using System.Text.Json;

namespace Portal.Domain.Decoding;

/// <summary>
/// The parts of a posted JSON document by their place in it, found in one pass that also proves that the whole of it is JSON. The four
/// forms have these outlines, in any order of properties; <c>gateway</c> may be empty or missing:
/// <code>
/// A {"timestamp":"2025-12-05T18:24:00Z","gateway":{"name":"","model":"","serial":"G1"},"device":{"name":"","model":""},"readings":[…]}
/// B {"timestamp":1764959040,"gateway":{…},"device":{"name":"","model":"","serial":"AN1","online":true,"readings":[…]}}
/// C {"timestamp":[1764959040,…],"gateway":{…},"device":{"serial":"AN1","readings":[{"param":"V1","value":["230.1",…],"unit":"V"}]}}
/// D {"timestamp":1764959040,"comm_head":{"model":"","sn":"G1"},"modules":[{"name":"","model":"","sn":"AN1","online":true,"reading":[…]}]}
/// </code>
/// </summary>
internal ref struct AcuvimDocument
{
    public JsonValue Timestamp;
    public AcuvimPart Gateway;
    public AcuvimPart Device;
    public JsonValue Modules;
    public JsonValue Readings;
    private bool hasDevice;

    /// <exception cref="JsonException">It is not JSON.</exception>
    /// <exception cref="UnreadablePostException">It is none of the forms.</exception>
    public static AcuvimDocument Read(ReadOnlySpan<byte> utf8)
    {
        AcuvimDocument document = default;
        var reader = new Utf8JsonReader(utf8, JsonText.Options);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw NoForm("it must be an object");
        }

        var isNative = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.ValueSpan;
            reader.Read();
            switch (name)
            {
                case var _ when name.SequenceEqual("gateway"u8) || name.SequenceEqual("comm_head"u8):
                    document.Gateway.Read(ref reader, utf8);
                    break;
                case var _ when name.SequenceEqual("device"u8):
                    document.hasDevice |= reader.TokenType == JsonTokenType.StartObject;
                    document.Device.Read(ref reader, utf8);
                    break;
                default:
                    var value = JsonValue.Take(ref reader, utf8);
                    isNative |= name.SequenceEqual("measurements"u8);
                    document.Keep(name, value);
                    break;
            }
        }

        reader.Read(); // throws where something follows the object
        if (document.hasDevice || document.Modules.Type == JsonTokenType.StartArray || document.Readings.Type == JsonTokenType.StartArray)
        {
            return document;
        }

        throw isNative
            ? NoForm("it is in the native form, which belongs to /api/ingest/measurements")
            : NoForm("it has neither `readings` nor a `device` nor `modules`");
    }

    // Of a property that is there twice the first counts.
    private void Keep(ReadOnlySpan<byte> name, JsonValue value)
    {
        if (Timestamp.IsMissing && name.SequenceEqual("timestamp"u8))
        {
            Timestamp = value;
        }
        else if (Modules.IsMissing && name.SequenceEqual("modules"u8))
        {
            Modules = value;
        }
        else if (Readings.IsMissing && (name.SequenceEqual("readings"u8) || name.SequenceEqual("reading"u8)))
        {
            Readings = value;
        }
    }

    private static UnreadablePostException NoForm(string why) =>
        new($"The JSON is no post of an Accuenergy module: {why}. Nothing of it was stored.");
}

/// <summary>What identifies a gateway, device or module, and its readings where they are inside.</summary>
internal ref struct AcuvimPart
{
    public JsonValue Serial;
    public JsonValue Sn;
    public JsonValue Readings;

    /// <summary>Reads an object; anything else (an empty <c>gateway</c> is also posted as <c>""</c> or null) has no parts.</summary>
    public void Read(scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> document)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.ValueSpan;
            reader.Read();
            var value = JsonValue.Take(ref reader, document);
            if (Serial.IsMissing && name.SequenceEqual("serial"u8))
            {
                Serial = value;
            }
            else if (Sn.IsMissing && name.SequenceEqual("sn"u8))
            {
                Sn = value;
            }
            else if (Readings.IsMissing && (name.SequenceEqual("readings"u8) || name.SequenceEqual("reading"u8)))
            {
                Readings = value;
            }
        }
    }

    /// <summary>The serial as posted, empty where there is none. One that only looks filled (blanks) is none.</summary>
    public readonly ReadOnlySpan<byte> Identity(Span<byte> buffer)
    {
        if (Serial.TryText(buffer, out var serial) && !serial.Trim((byte)' ').IsEmpty)
        {
            return serial;
        }

        return Sn.TryText(buffer, out var sn) && !sn.Trim((byte)' ').IsEmpty ? sn : [];
    }
}
