using System.Buffers;
using System.Globalization;
using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using MeterSimulator.Fleet;

namespace MeterSimulator.Posts;

/// <summary>The bytes of a post and what its headers say of them. The same post always has the same bytes.</summary>
internal sealed record PostBody(byte[] Bytes, MediaTypeHeaderValue Type, bool Gzip)
{
    private const string Boundary = "axm-4f2b9d61c0aa";

    // The + of a time zone as it is, not as an escape: no page will ever show this JSON as HTML.
    private static readonly JsonWriterOptions Plain = new() { SkipValidation = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static PostBody Of(Post post)
    {
        var file = File(post);
        if (!post.Logger.Multipart && post.Form != PostForm.MeterLog)
        {
            return Packed(file, new("application/json"), post.Logger.Gzip);
        }

        var meter = post.Meters[0];
        using var form = new MultipartFormDataContent(Boundary)
        {
            { new StringContent("upload"), "\"action\"" },
            { new StringContent($"{meter.Serial}/{meter.Model}"), "\"datasource\"" },
        };
        var part = new ByteArrayContent(file);
        part.Headers.ContentType = new("text/json"); // the module says so of its CSV as well
        form.Add(part, "\"file\"", $"\"{FileName(post)}\"");
        using var buffer = new MemoryStream(file.Length + 1024);
        form.CopyTo(buffer, null, CancellationToken.None);
        return Packed(buffer.ToArray(), form.Headers.ContentType!, post.Logger.Gzip);
    }

    /// <summary>The JSON or CSV alone, without an envelope.</summary>
    public static byte[] File(Post post)
    {
        if (post.Form == PostForm.MeterLog)
        {
            using var block = new ReadingBlock(post.Meters[0], post.Range);
            return Encoding.ASCII.GetBytes(MeterLog.Write(block));
        }

        var buffer = new ArrayBufferWriter<byte>(4096);
        using var json = new Utf8JsonWriter(buffer, Plain);
        switch (post.Form)
        {
            case PostForm.A: FormA.Write(json, post); break;
            case PostForm.B: FormB.Write(json, post); break;
            case PostForm.C: FormC.Write(json, post); break;
            case PostForm.D: FormD.Write(json, post); break;
            default: throw new ArgumentOutOfRangeException(nameof(post), post.Form, null);
        }

        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>A module names its files by the time of the last reading.</summary>
    public static string FileName(Post post) =>
        string.Create(CultureInfo.InvariantCulture, $"{post.Range.Last}.{(post.Form == PostForm.MeterLog ? "csv" : "json")}");

    private static PostBody Packed(byte[] bytes, MediaTypeHeaderValue type, bool gzip)
    {
        if (!gzip) return new(bytes, type, false);
        using var packed = new MemoryStream();
        using (var stream = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)) stream.Write(bytes);
        return new(packed.ToArray(), type, true);
    }
}
