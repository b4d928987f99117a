using System.Buffers;
using System.Text.Json;

namespace Portal.Domain.Decoding;

/// <summary>
/// A value of a JSON document by its place in it, so that it can be read once what comes after it is known. Property order says nothing
/// in JSON, and some firmware writes <c>readings</c> before <c>timestamp</c> and <c>value</c> before <c>param</c>.
/// </summary>
internal readonly ref struct JsonValue
{
    // A string's text ends at its quote, unless it has an escape or what a string can't have.
    private static readonly SearchValues<byte> EndsText = SearchValues.Create([(byte)'"', (byte)'\\', .. Enumerable.Range(0, 0x20).Select(control => (byte)control)]);

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
    /// Takes the value that a text begins with where it is a string without escapes, a number without exponent, or null; false where it is
    /// anything else, be it JSON or not. What follows it is not looked at.
    /// </summary>
    /// <param name="length">Bytes of it.</param>
    public static bool TryTake(ReadOnlySpan<byte> text, out JsonValue value, out int length)
    {
        if (text.StartsWith("\""u8))
        {
            var end = text[1..].IndexOfAny(EndsText);
            length = end + 2;
            value = end < 0 ? default : new JsonValue(JsonTokenType.String, text.Slice(1, end), isEscaped: false);
            return end >= 0 && text[end + 1] == (byte)'"';
        }

        if (text.StartsWith("null"u8))
        {
            length = 4;
            value = new JsonValue(JsonTokenType.Null, text[..length], isEscaped: false);
            return true;
        }

        var isNumber = JsonNumber.TryRead(text, out length, out _);
        value = new JsonValue(JsonTokenType.Number, text[..length], isEscaped: false);
        return isNumber;
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
