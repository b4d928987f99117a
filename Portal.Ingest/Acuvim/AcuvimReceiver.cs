using System.Text;
using Portal.Domain.Decoding;
using Portal.Ingest.Posts;

namespace Portal.Ingest.Acuvim;

/// <summary>
/// <c>POST /api/ingest/acuvim</c>: what Accuenergy's modules post. A form with <c>datasource</c> and one or more files, or a file as the
/// body itself, whatever its content type says. For a bare log file, which doesn't say whose it is, <c>?datasource=</c> does.
/// </summary>
internal static class AcuvimReceiver
{
    private const int MaxFieldBytes = 1_024;

    private const string CutOff =
        "The form is cut off: its closing boundary is missing, and so is the end of its last part. Nothing of it was stored; post it again in whole.";

    public static void MapAcuvimReceiver(this IEndpointRouteBuilder app) =>
        app.MapPost("/api/ingest/acuvim", Receive)
            .WithName("PostAcuvim")
            .WithTags("Ingest")
            .WithSummary("Takes what Accuenergy modules post")
            .DescribesPosts("multipart/form-data", "application/json", "text/csv");

    private static Task<IResult> Receive(HttpContext http, PostReceiver receiver) =>
        receiver.ReceiveAsync(http, body => Decode(body, http.Request.Query["datasource"]));

    internal static DecodedPost Decode(ReadOnlySpan<byte> body, string? dataSource)
    {
        if (MultipartForm.TryRead(body) is not { } form)
        {
            return AcuvimDecoder.Decode(body, dataSource);
        }

        if (form.IsTooLong)
        {
            throw new UnreadablePostException(
                UnreadableReason.TooManyRows,
                $"The form has more than {MultipartForm.MaxParts} parts. Split it into smaller ones."
            );
        }

        var field = form.Parts.FirstOrDefault(part => part.Name.Equals("datasource", StringComparison.OrdinalIgnoreCase));
        var decoder = new AcuvimDecoder(field is null ? dataSource : Text(body[field.Content]));
        UnreadablePostException? unreadable = null;
        var read = 0;
        foreach (var part in form.Parts.Where(IsFile))
        {
            try
            {
                decoder.AddFile(body[part.Content]);
                read++;
            }
            catch (UnreadablePostException e) when (e.Reason != UnreadableReason.TooManyRows)
            {
                unreadable = e;
                decoder.AddUnreadableFile();
            }
        }

        if (!form.IsClosed && (unreadable is not null || !IsWhole(form.Parts[^1], body)))
        {
            throw new UnreadablePostException(UnreadableReason.Malformed, CutOff);
        }

        return read > 0 ? decoder.Build()
            : unreadable is null ? throw new UnreadablePostException("The form has no part `file`.")
            : throw unreadable;
    }

    // A form that doesn't say where it ends, as one does that was cut off on its way, or as some firmware might post it: it is taken where it ends
    // with a file that says so itself. JSON was read to its end by then; the last line of a log must have ended, with a line break or the comma that
    // each line has at its end. A 2xx would tell the module to delete what was cut away.
    private static bool IsWhole(MultipartPart last, ReadOnlySpan<byte> body)
    {
        var content = body[last.Content];
        return IsFile(last) && (content.TrimStart(" \t\r\n"u8) is [(byte)'{' or (byte)'[', ..] || content.TrimEnd(" \t"u8) is [.., (byte)'\n' or (byte)'\r' or (byte)',']);
    }

    private static bool IsFile(MultipartPart part) =>
        part.IsFile || part.Name.StartsWith("file", StringComparison.OrdinalIgnoreCase);

    private static string Text(ReadOnlySpan<byte> field) => Encoding.UTF8.GetString(field[..Math.Min(field.Length, MaxFieldBytes)]);
}
