using System.Text;

namespace Portal.Ingest.Acuvim;

/// <summary>
/// The parts of a posted form, by their place in the body, which is in memory anyway. Told apart by what is there rather than by the
/// <c>Content-Type</c>, since some firmware leaves the boundary out of it or calls the form <c>text/json</c>:
/// <code>
/// ------WebKitFormBoundary7MA4YWxk
/// Content-Disposition: form-data; name="datasource"
///
/// AN12345/AcuvimII
/// ------WebKitFormBoundary7MA4YWxk
/// Content-Disposition: form-data; name="file"; filename="1764959040.json"
/// Content-Type: text/json
///
/// {"timestamp":…}
/// ------WebKitFormBoundary7MA4YWxk--
/// </code>
/// Lines end with CR LF or LF alone. A form that is cut off, or whose firmware leaves out the closing boundary, ends with its last part.
/// </summary>
internal sealed class MultipartForm
{
    /// <summary>Most parts of one form: a month of hourly files is 744.</summary>
    public const int MaxParts = 1_000;

    private const int MaxBoundary = 200; // RFC 2046 says 70

    /// <summary>The parts in their order.</summary>
    public required IReadOnlyList<MultipartPart> Parts { get; init; }

    /// <summary>True where the closing boundary was there, without which RFC 2046 has no end of a form: the last part may have been cut off.</summary>
    public bool IsClosed { get; private init; }

    /// <summary>True where there were more parts than <see cref="MaxParts"/>; the rest was not read.</summary>
    public bool IsTooLong { get; private init; }

    /// <summary>Reads a form, or answers null where a body is none: it does not begin with a boundary and a part's headers.</summary>
    public static MultipartForm? TryRead(ReadOnlySpan<byte> body)
    {
        var start = body.IndexOfAnyExcept("\r\n"u8);
        if (start < 0 || !body[start..].StartsWith("--"u8))
        {
            return null;
        }

        var end = start + Line(body[start..]);
        var boundary = body[start..end].TrimEnd(" \t"u8);
        var firstHeader = body[Next(body, end)..];
        if (boundary.Length is < 3 or > MaxBoundary || !Is(firstHeader[..Line(firstHeader)], "Content-"))
        {
            return null;
        }

        var parts = new List<MultipartPart>();
        for (var at = end; at < body.Length && parts.Count < MaxParts; )
        {
            var from = Next(body, at);
            var length = Delimiter(body[from..], boundary, out var isLast, out var isClosed);
            parts.Add(Part(body, from, length));
            at = Math.Min(body.Length, from + length);
            if (isLast)
            {
                return new MultipartForm { Parts = parts, IsClosed = isClosed };
            }

            // Over the line break before the delimiter, and the delimiter.
            at = Next(body, at);
            at += Line(body[at..]);
        }

        return new MultipartForm { Parts = parts, IsTooLong = parts.Count == MaxParts };
    }

    private static MultipartPart Part(ReadOnlySpan<byte> body, int from, int length)
    {
        var part = body.Slice(from, length);
        var at = 0;
        string? name = null;
        var hasFileName = false;
        while (at < part.Length && Line(part[at..]) is var line and > 0)
        {
            var header = part.Slice(at, line);
            if (Is(header, "Content-Disposition:"))
            {
                name = Parameter(header, "name");
                hasFileName = Parameter(header, "filename") is not null;
            }

            at = Next(part, at + line);
        }

        at = Next(part, at);
        return new MultipartPart(name ?? "", hasFileName, (from + at)..(from + length));
    }

    // Where the part ends: before the line break in front of the next delimiter, or with the body.
    private static int Delimiter(ReadOnlySpan<byte> rest, ReadOnlySpan<byte> boundary, out bool isLast, out bool isClosed)
    {
        for (var at = 0; at < rest.Length; )
        {
            var found = rest[at..].IndexOf(boundary);
            if (found < 0)
            {
                break;
            }

            var start = at + found;
            var after = rest[(start + boundary.Length)..];
            var ending = after[..Line(after)].TrimEnd(" \t"u8);
            if ((start == 0 || rest[start - 1] == (byte)'\n') && (ending.IsEmpty || ending.StartsWith("--"u8)))
            {
                isLast = isClosed = !ending.IsEmpty;
                var end = start > 0 ? start - 1 : 0;
                return end > 0 && rest[end - 1] == (byte)'\r' ? end - 1 : end;
            }

            at = start + boundary.Length;
        }

        (isLast, isClosed) = (true, false);
        return rest.Length;
    }

    // Length of the line without its break.
    private static int Line(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOf((byte)'\n');
        return end < 0 ? text.Length
            : end > 0 && text[end - 1] == (byte)'\r' ? end - 1
            : end;
    }

    // Position behind the line break at this place.
    private static int Next(ReadOnlySpan<byte> text, int at)
    {
        at += at < text.Length && text[at] == (byte)'\r' ? 1 : 0;
        return at + (at < text.Length && text[at] == (byte)'\n' ? 1 : 0);
    }

    private static bool Is(ReadOnlySpan<byte> header, string start) =>
        header.Length >= start.Length && Ascii.EqualsIgnoreCase(header[..start.Length], start);

    // name="file" or name=file
    private static string? Parameter(ReadOnlySpan<byte> header, string name)
    {
        foreach (var range in header.Split((byte)';'))
        {
            var parameter = header[range].Trim(" \t"u8);
            if (Is(parameter, name + "="))
            {
                return Encoding.UTF8.GetString(parameter[(name.Length + 1)..].Trim("\"' "u8));
            }
        }

        return null;
    }
}

/// <summary>One part of a form.</summary>
/// <param name="Name">Its field name; empty where it has none.</param>
/// <param name="IsFile">It has a file name.</param>
/// <param name="Content">Where its content lies in the body.</param>
internal sealed record MultipartPart(string Name, bool IsFile, Range Content);
