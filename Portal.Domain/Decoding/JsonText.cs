using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace Portal.Domain.Decoding;

/// <summary>
/// Text of a JSON token as UTF-8 without allocating. Unlike <see cref="Utf8JsonReader.CopyString(Span{byte})"/> it never throws:
/// half a surrogate pair or bytes that are no UTF-8 become U+FFFD sooner or later, since one garbled name must not sink a post.
/// </summary>
internal static class JsonText
{
    /// <summary>Longest escaped text that is unescaped; nothing that means something here is longer.</summary>
    public const int BufferSize = 512;

    /// <summary>Bounds what nested junk may cost; the deepest form (D) needs 6.</summary>
    public static readonly JsonReaderOptions Options = new() { MaxDepth = 32, AllowMultipleValues = false };

    /// <summary>A byte order mark in front, as some editors and log collectors write it, is not part of the text.</summary>
    public static ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> utf8) => utf8.StartsWith("\uFEFF"u8) ? utf8[3..] : utf8;

    /// <summary>
    /// A fault in a document, with its place counted from the document's start; a reader that was made anew on the way counts from there.
    /// </summary>
    public static JsonException Located(ReadOnlySpan<byte> document, JsonException fault)
    {
        try
        {
            var reader = new Utf8JsonReader(document, Options);
            while (reader.Read()) { }

            return fault;
        }
        catch (JsonException located)
        {
            return located;
        }
    }

    /// <summary>The token's text; part of the document where nothing is escaped, else of <paramref name="buffer"/>.</summary>
    public static ReadOnlySpan<byte> Read(scoped ref readonly Utf8JsonReader reader, Span<byte> buffer) =>
        reader.ValueIsEscaped ? Unescape(reader.ValueSpan, buffer) : reader.ValueSpan;

    /// <summary>Undoes JSON's escapes; text longer than the buffer comes back as it is (and will match nothing).</summary>
    public static ReadOnlySpan<byte> Unescape(ReadOnlySpan<byte> escaped, Span<byte> buffer)
    {
        if (escaped.Length > buffer.Length)
        {
            return escaped;
        }

        var written = 0;
        for (var i = 0; i < escaped.Length; i++)
        {
            if (escaped[i] != (byte)'\\')
            {
                buffer[written++] = escaped[i];
                continue;
            }

            var kind = escaped[++i];
            if (kind != (byte)'u')
            {
                buffer[written++] = kind switch
                {
                    (byte)'b' => (byte)'\b',
                    (byte)'f' => (byte)'\f',
                    (byte)'n' => (byte)'\n',
                    (byte)'r' => (byte)'\r',
                    (byte)'t' => (byte)'\t',
                    _ => kind, // quote, slash, backslash
                };
                continue;
            }

            var unit = Unit(escaped, i + 1);
            i += 4;
            if (!Rune.TryCreate(unit, out var rune))
            {
                rune = Rune.ReplacementChar;
                if (char.IsHighSurrogate(unit) && escaped[(i + 1)..].StartsWith("\\u"u8) && Rune.TryCreate(unit, Unit(escaped, i + 3), out var pair))
                {
                    rune = pair;
                    i += 6;
                }
            }

            written += rune.EncodeToUtf8(buffer[written..]);
        }

        return buffer[..written];
    }

    // The reader has checked that four hexadecimal digits follow.
    private static char Unit(ReadOnlySpan<byte> escaped, int start) =>
        Utf8Parser.TryParse(escaped.Slice(start, 4), out ushort unit, out _, 'x') ? (char)unit : '\uFFFD';
}
