using System.Text.Json;

namespace Portal.Domain.Decoding;

/// <summary>
/// A value of a JSON document by its place in it, so that it can be read once what comes after it is known. Property order says nothing
/// in JSON, and some firmware writes <c>readings</c> before <c>timestamp</c> and <c>value</c> before <c>param</c>.
/// </summary>
internal readonly ref struct JsonValue
{
    private readonly bool isEscaped;

    private JsonValue(JsonTokenType type, ReadOnlySpan<byte> raw, bool isEscaped)
    {
        Type = type;
        Raw = raw;
        this.isEscaped = isEscaped;
    }

    /// <summary><see cref="JsonTokenType.None"/> where the property is missing.</summary>
    public JsonTokenType Type { get; }

    /// <summary>Text without quotes of a string or number, the whole of an array or object, quotes and brackets included.</summary>
    public ReadOnlySpan<byte> Raw { get; }

    public bool IsMissing => Type == JsonTokenType.None;

    /// <summary>Reads the value that follows a property's name, or an array's next element, nested ones to their end.</summary>
    public static JsonValue Take(scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> document)
    {
        var type = reader.TokenType;
        if (type is not (JsonTokenType.StartArray or JsonTokenType.StartObject))
        {
            return new JsonValue(type, reader.ValueSpan, reader.ValueIsEscaped);
        }

        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return new JsonValue(type, document[start..(int)reader.BytesConsumed], isEscaped: false);
    }

    /// <summary>
    /// The text of a string or number; empty for null and for what is missing. False for true, false, arrays and objects, which are
    /// no value of anything here.
    /// </summary>
    public bool TryText(Span<byte> buffer, out ReadOnlySpan<byte> text)
    {
        text = isEscaped ? JsonText.Unescape(Raw, buffer) : Raw;
        switch (Type)
        {
            case JsonTokenType.String or JsonTokenType.Number:
                return true;
            case JsonTokenType.Null or JsonTokenType.None:
                text = [];
                return true;
            default:
                text = [];
                return false;
        }
    }
}
