using System.Text;
using System.Text.Json;

namespace Portal.Domain.Decoding;

/// <summary>
/// Reads what Accuenergy's modules post: JSON in four forms (see <see cref="AcuvimDocument"/>) and log files
/// (see <see cref="MeterLog"/>), told apart by what is in them, whatever they claim to be. One post may carry several files.
/// </summary>
public sealed class AcuvimDecoder
{
    private readonly PostBuilder post = new();
    private readonly byte[] dataSource;

    /// <param name="dataSource">
    /// The form's part <c>datasource</c>, <c>&lt;serial&gt;/&lt;model&gt;</c>, or null: whose readings a file has that does not say it itself.
    /// </param>
    public AcuvimDecoder(string? dataSource = null) =>
        this.dataSource = Encoding.UTF8.GetBytes((dataSource ?? "").Split('/', 2)[0].Trim());

    /// <summary>Reads a single file or body.</summary>
    /// <exception cref="UnreadablePostException">It is neither, or holds too much.</exception>
    public static DecodedPost Decode(ReadOnlySpan<byte> utf8, string? dataSource = null)
    {
        var decoder = new AcuvimDecoder(dataSource);
        decoder.AddFile(utf8);
        return decoder.Build();
    }

    /// <summary>
    /// Reads one file into the post. Where it throws, nothing of this file is in it and others may follow, except after
    /// <see cref="UnreadableReason.TooManyRows"/>: then the whole post is to be refused.
    /// </summary>
    /// <exception cref="UnreadablePostException">It can't be read.</exception>
    public void AddFile(ReadOnlySpan<byte> utf8)
    {
        utf8 = JsonText.WithoutMark(utf8);
        post.BeginFile();
        var start = utf8.IndexOfAnyExcept(" \t\r\n"u8);
        if (start < 0)
        {
            throw new UnreadablePostException("The post is empty.");
        }

        if (utf8[start] is not ((byte)'{' or (byte)'['))
        {
            MeterLog.Read(utf8, post, dataSource);
            return;
        }

        try
        {
            Json(AcuvimDocument.Read(utf8));
        }
        catch (JsonException e)
        {
            throw NativeDecoder.Malformed(e);
        }
    }

    /// <summary>Puts a row that was not read in its place, for a file that could not be, so that its sender sees a rejection.</summary>
    public void AddUnreadableFile() => post.AddUnreadable(dataSource);

    /// <summary>The rows of all files. The decoder must not be used afterwards.</summary>
    public DecodedPost Build() => post.Build();

    private void Json(AcuvimDocument document)
    {
        Span<byte> buffer = stackalloc byte[JsonText.BufferSize];
        if (document.Modules.Type == JsonTokenType.StartArray)
        {
            Modules(document);
        }

        if (!document.Readings.IsMissing || document.Modules.Type != JsonTokenType.StartArray)
        {
            var device = post.Device(Identity(document.Device, document.Gateway, buffer));
            var instants = new AcuvimInstants(post, device, document.Timestamp);
            instants.Read(document.Readings);
            instants.Read(document.Device.Readings);
            instants.Finish();
        }
    }

    private void Modules(AcuvimDocument document)
    {
        Span<byte> buffer = stackalloc byte[JsonText.BufferSize];
        var json = document.Modules.Raw;
        var isOnly = Count(json) == 1;
        var reader = new Utf8JsonReader(json, JsonText.Options);
        reader.Read();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            AcuvimPart module = default;
            module.Read(ref reader, json);
            // Several modules without a serial would all become the post's own device, and mix their readings.
            var serial = isOnly ? Identity(module, document.Gateway, buffer) : module.Identity(buffer);
            var instants = new AcuvimInstants(post, post.Device(serial), document.Timestamp);
            instants.Read(module.Readings);
            instants.Finish();
        }
    }

    private ReadOnlySpan<byte> Identity(AcuvimPart device, AcuvimPart gateway, Span<byte> buffer) =>
        device.Identity(buffer) is { IsEmpty: false } own ? own
        : dataSource.Length > 0 ? dataSource
        : gateway.Identity(buffer);

    private static int Count(ReadOnlySpan<byte> array)
    {
        var reader = new Utf8JsonReader(array, JsonText.Options);
        reader.Read();
        var count = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            reader.Skip();
            count++;
        }

        return count;
    }
}
