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

        return read > 0 ? decoder.Build()
            : unreadable is null ? throw new UnreadablePostException("The form has no part `file`.")
            : throw unreadable;
    }

    private static bool IsFile(MultipartPart part) =>
        part.IsFile || part.Name.StartsWith("file", StringComparison.OrdinalIgnoreCase);

    private static string Text(ReadOnlySpan<byte> field) => Encoding.UTF8.GetString(field[..Math.Min(field.Length, MaxFieldBytes)]);
}
