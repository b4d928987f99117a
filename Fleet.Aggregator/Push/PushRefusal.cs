using System.Globalization;
using Portal.Contracts;
using Portal.Contracts.Fleet;
using Portal.ServiceDefaults;
using Portal.ServiceDefaults.Bodies;

namespace Fleet.Aggregator.Push;

/// <summary>Why a whole push is refused. Nothing of it was stored; what can be sent again says when.</summary>
/// <param name="Field">The property of the body that is wrong; null where the push is as a whole.</param>
internal sealed record PushRefusal(int Status, string Kind, string Title, string Detail, int? RetryAfterSeconds = null, string? Field = null)
{
    /// <summary>The writers commit several times a second.</summary>
    private const int Soon = 2;

    /// <summary>A server that was restarted takes connections after two to five seconds.</summary>
    private const int AfterRestart = 5;

    public static readonly PushRefusal UnknownToken = new(
        StatusCodes.Status401Unauthorized,
        ProblemKinds.InvalidFleetToken,
        "A valid fleet token is needed.",
        "Send the customer's token as bearer token (secrets/fleet-token or FleetIngest__Token of its stack). Tokens are made when a customer is registered, and rotated, in the Admin stack."
    );

    public static readonly PushRefusal CustomerDisabled = new(
        StatusCodes.Status401Unauthorized,
        ProblemKinds.CustomerDisabled,
        "The customer is disabled.",
        "The operator has switched this customer off. Keep everything and try again later: once it is switched on the token works as before."
    );

    public static readonly PushRefusal CustomerTooBusy = new(
        StatusCodes.Status429TooManyRequests,
        ProblemKinds.TooManyRequests,
        "This customer has too many batches under way.",
        "Wait for the answers of those, then send this one again.",
        Soon
    );

    public static readonly PushRefusal TooBusy = new(
        StatusCodes.Status503ServiceUnavailable,
        ProblemKinds.Unavailable,
        "Too many batches are under way.",
        "Nothing of this batch was stored. Send it again in a few seconds.",
        Soon
    );

    public static readonly PushRefusal DatabaseAway = new(
        StatusCodes.Status503ServiceUnavailable,
        ProblemKinds.Unavailable,
        "The fleet's database is not available at the moment.",
        "It is not known whether this batch was stored. Send it again as it is in a few seconds; what was stored already stays as it is.",
        AfterRestart
    );

    public static readonly PushRefusal Failed = new(
        StatusCodes.Status500InternalServerError,
        Problems.KindOf(StatusCodes.Status500InternalServerError),
        "The batch could not be written.",
        "Nothing of it was stored. The aggregator's log has the reason under this request's trace."
    );

    public static PushRefusal RetiredToken(DateTimeOffset at) =>
        new(
            StatusCodes.Status401Unauthorized,
            ProblemKinds.RetiredFleetToken,
            "This token is no longer in force.",
            string.Create(
                CultureInfo.InvariantCulture,
                $"It was rotated on {at.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC. Write the newer one to secrets/fleet-token of the customer's stack, or to its FleetIngest__Token."
            )
        );

    /// <param name="what">What there was too much of.</param>
    public static PushRefusal TooMuch(string what, TimeSpan retryAfter)
    {
        var seconds = Math.Max(1, (int)Math.Ceiling(retryAfter.TotalSeconds));
        return new(
            StatusCodes.Status429TooManyRequests,
            ProblemKinds.TooManyRequests,
            "This customer sends too much at once.",
            $"{what} Send this batch again in {seconds} s.",
            seconds
        );
    }

    /// <param name="encoding">The body's <c>Content-Encoding</c>.</param>
    /// <param name="limitMiB">What a body may have.</param>
    public static PushRefusal From(BodyFault fault, string encoding, int limitMiB) =>
        fault switch
        {
            BodyFault.TooLarge => TooLarge($"A batch may have {limitMiB} MiB, compressed or not. Split it, or raise Push__MaxBodyMiB of the Admin stack."),
            BodyFault.UnknownEncoding => UnknownForm(
                $"Content-Encoding '{encoding[..Math.Min(encoding.Length, 40)]}' can't be read. Use gzip, br or zstd, or none."
            ),
            BodyFault.BrokenCompression => Malformed($"The body is not what Content-Encoding '{encoding}' says, or is cut off."),
            BodyFault.KeyExhausted => CustomerTooBusy,
            BodyFault.Exhausted => TooBusy,
            _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, "Not a fault."),
        };

    /// <param name="saysJson">The sender declared JSON: then something else is a mistake in the body rather than another form.</param>
    public static PushRefusal From(UnreadableBatchException unreadable, bool saysJson) =>
        unreadable.Fault switch
        {
            BatchFault.TooManyRows => TooLarge(unreadable.Message),
            BatchFault.NotJson when !saysJson => UnknownForm(unreadable.Message + " A batch is a JSON object."),
            BatchFault.UnsupportedProtocol => new(
                StatusCodes.Status400BadRequest,
                ProblemKinds.UnsupportedProtocol,
                $"This version of the push protocol is not taken; versions {PushProtocol.Oldest} to {PushProtocol.Current} are.",
                unreadable.Message,
                Field: unreadable.Field
            ),
            _ => Malformed(unreadable.Message, unreadable.Field),
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

        Dictionary<string, object?>? errors = Field is null
            ? null
            : new() { ["errors"] = new Dictionary<string, string[]> { [Field] = [Detail] } };
        return TypedResults.Problem(Detail, statusCode: Status, title: Title, type: Problems.Type(Kind), extensions: errors);
    }

    private static PushRefusal TooLarge(string detail) =>
        new(StatusCodes.Status413PayloadTooLarge, ProblemKinds.TooLarge, "The batch is too large.", detail);

    private static PushRefusal UnknownForm(string detail) =>
        new(StatusCodes.Status415UnsupportedMediaType, ProblemKinds.UnknownForm, "The form of the body is not known.", detail);

    private static PushRefusal Malformed(string detail, string? field = null) =>
        new(StatusCodes.Status400BadRequest, ProblemKinds.MalformedBatch, "The batch can't be read.", detail, Field: field);
}
