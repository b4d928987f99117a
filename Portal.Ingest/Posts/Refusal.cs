using System.Globalization;
using Portal.Contracts;
using Portal.Domain.Decoding;
using Portal.ServiceDefaults;
using Portal.ServiceDefaults.Bodies;

namespace Portal.Ingest.Posts;

/// <summary>Why a whole post is refused. Nothing of it was stored; what can be sent again says when.</summary>
internal sealed record Refusal(int Status, string Kind, string Title, string Detail, int? RetryAfterSeconds = null)
{
    /// <summary>The unit in which posts under way drain: the writer commits several times a second.</summary>
    private const int Soon = 2;

    /// <summary>A server that was restarted takes connections after two to five seconds.</summary>
    private const int AfterRestart = 5;

    public static readonly Refusal KeyTooBusy = new(
        StatusCodes.Status429TooManyRequests,
        ProblemKinds.TooManyRequests,
        "This key has too many posts under way.",
        "Half of the memory for posts is held by posts of this key. Wait for their answers, then send this one again.",
        Soon
    );

    public static readonly Refusal TooBusy = new(
        StatusCodes.Status503ServiceUnavailable,
        ProblemKinds.Unavailable,
        "Too many posts are under way.",
        "Nothing of this post was stored. Send it again in a few seconds.",
        Soon
    );

    public static readonly Refusal DatabaseAway = new(
        StatusCodes.Status503ServiceUnavailable,
        ProblemKinds.Unavailable,
        "The database is not available at the moment.",
        "It is not known whether this post was stored. Send the whole post again in a few seconds; what was stored already stays as it is.",
        AfterRestart
    );

    /// <param name="encoding">The body's <c>Content-Encoding</c>.</param>
    /// <param name="limitMiB">What a body may have.</param>
    public static Refusal From(BodyFault fault, string encoding, int limitMiB) =>
        fault switch
        {
            BodyFault.TooLarge => TooLarge(limitMiB),
            BodyFault.UnknownEncoding => UnknownEncoding(encoding),
            BodyFault.BrokenCompression => Unreadable($"The body is not what Content-Encoding '{encoding}' says."),
            BodyFault.KeyExhausted => KeyTooBusy,
            BodyFault.Exhausted => TooBusy,
            _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, "Not a fault."),
        };

    private static Refusal TooLarge(int limitMiB) =>
        new(
            StatusCodes.Status413PayloadTooLarge,
            ProblemKinds.TooLarge,
            "The post is too large.",
            $"A post may have {limitMiB} MiB, compressed or not. Split it, or raise Ingest__MaxBodyMiB."
        );

    private static Refusal UnknownEncoding(string encoding) =>
        new(
            StatusCodes.Status415UnsupportedMediaType,
            ProblemKinds.UnknownForm,
            "The compression is not known.",
            $"Content-Encoding '{encoding}' can't be read. Use gzip, br or zstd, or none."
        );

    private static Refusal Unreadable(string detail) =>
        new(StatusCodes.Status400BadRequest, ProblemKinds.UnreadablePost, "The post can't be read.", detail);

    /// <param name="saysJson">The sender declared JSON: then something else is a mistake in the body rather than another form.</param>
    public static Refusal From(UnreadablePostException exception, bool saysJson) =>
        exception.Reason switch
        {
            UnreadableReason.TooManyRows => new(
                StatusCodes.Status413PayloadTooLarge,
                ProblemKinds.TooLarge,
                "The post holds too many measurements.",
                exception.Message
            ),
            UnreadableReason.UnknownForm when !saysJson => new(
                StatusCodes.Status415UnsupportedMediaType,
                ProblemKinds.UnknownForm,
                "The form of the post is not known.",
                exception.Message
            ),
            _ => Unreadable(exception.Message),
        };

    /// <summary>The answer.</summary>
    public IResult ToResult(HttpContext http)
    {
        if (RetryAfterSeconds is { } seconds)
        {
            http.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        if (Status == StatusCodes.Status415UnsupportedMediaType)
        {
            http.Response.Headers.AcceptEncoding = BodyReader.Encodings; // RFC 7694
        }

        return TypedResults.Problem(Detail, statusCode: Status, title: Title, type: Problems.Type(Kind));
    }
}
