using System.Text.Json;
using Portal.Domain.Measurements;

namespace Portal.Domain.Decoding;

/// <summary>
/// Reads the native form, straight from the bytes into a batch:
/// <code>
/// {"measurements":[{"externalId":"AN12345","time":"2026-11-23T10:00:00Z","activePowerKw":12.34,"energyImportKwh":45678.9}]}
/// </code>
/// <c>time</c> is ISO 8601 with offset or Unix seconds. <c>localTime</c> in its place is a wall clock's at the device's site, and
/// <c>"localTimeRepeated":true</c> says which of the two hours is meant when summer time ends.
/// Names are those of <see cref="Quantities"/>, in any case and order; others are counted as unknown parameters.
/// </summary>
public static class NativeDecoder
{
    /// <summary>Reads a whole post. Either all of it is read, with a reason for every row that is refused, or it throws.</summary>
    /// <exception cref="UnreadablePostException">No JSON, no <c>measurements</c>, or too many of them.</exception>
    public static DecodedPost Decode(ReadOnlySpan<byte> utf8)
    {
        utf8 = JsonText.WithoutMark(utf8);
        var start = utf8.IndexOfAnyExcept(" \t\r\n"u8);
        if (start < 0)
        {
            throw new UnreadablePostException("The body is empty.");
        }

        if (utf8[start] is not ((byte)'{' or (byte)'['))
        {
            throw new UnreadablePostException(UnreadableReason.UnknownForm, "The body is not JSON.");
        }

        var post = new PostBuilder();
        var isNative = false;
        var rest = utf8;
        try
        {
            var reader = new Utf8JsonReader(utf8, JsonText.Options);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                throw new UnreadablePostException("The body must be a JSON object with an array `measurements`.");
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isMeasurements = reader.ValueSpan.SequenceEqual("measurements"u8);
                reader.Read();
                if (!isMeasurements)
                {
                    reader.Skip();
                    continue;
                }

                if (reader.TokenType != JsonTokenType.StartArray)
                {
                    throw new UnreadablePostException("`measurements` must be an array.");
                }

                isNative = true;
                Read(ref reader, ref rest, post);
            }

            reader.Read(); // throws where something follows the object
        }
        catch (JsonException e)
        {
            throw Malformed(Located(utf8, e));
        }

        return isNative
            ? post.Build()
            : throw new UnreadablePostException(
                "The body has no array `measurements`. What an Accuenergy module posts belongs to /api/ingest/acuvim."
            );
    }

    /// <summary>How documents with such rows are read: nesting is bounded, and nothing may follow the document.</summary>
    public static JsonReaderOptions JsonOptions => JsonText.Options;

    /// <summary>A fault as <see cref="DecodeRows"/> or the reader after it met it, with its place counted from the document's start.</summary>
    public static JsonException Located(ReadOnlySpan<byte> document, JsonException fault) => JsonText.Located(document, fault);

    /// <summary>Reads an array of rows inside another document, such as a stack's push, where the reader stands at its start; afterwards it stands at its end.</summary>
    /// <param name="document">All that the reader was made for. Afterwards the part of it, up to the document's end, that the reader counts its places from.</param>
    /// <param name="maxRows">Most device-instants, at most <see cref="DecodedPost.MaxRows"/>.</param>
    /// <exception cref="UnreadablePostException">There are more rows than that.</exception>
    /// <exception cref="JsonException">The document is no JSON; <see cref="Located"/> says where.</exception>
    public static DecodedPost DecodeRows(scoped ref Utf8JsonReader reader, scoped ref ReadOnlySpan<byte> document, int maxRows)
    {
        var post = new PostBuilder(maxRows);
        Read(ref reader, ref document, post);
        return post.Build();
    }

    private static void Read(scoped ref Utf8JsonReader reader, scoped ref ReadOnlySpan<byte> document, PostBuilder post)
    {
        var rows = new NativeRows(post, document);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            rows.Read(ref reader);
        }

        document = rows.Text;
    }

    internal static UnreadablePostException Malformed(JsonException e) =>
        new(
            UnreadableReason.Malformed,
            $"The body is not valid JSON, or is nested too deeply, at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}. "
                + "Nothing of it was stored; post it again in whole.",
            e
        );
}
