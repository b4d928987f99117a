using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Portal.Contracts.Fleet;
using Portal.Domain.Texts;
using Portal.ServiceDefaults;

namespace Portal.Ingest.FleetPush;

/// <summary>
/// Tells by an answer what became of a batch. Only the aggregator's own answer acknowledges one: 200, JSON, this batch's id, and counts that
/// add up to its rows. The page of a proxy, a redirect, or another service's "ok" acknowledge nothing, and refuse nothing either.
/// </summary>
internal static class PushAnswers
{
    /// <summary>Most characters of a reason that are kept.</summary>
    private const int MostReason = 300;

    /// <summary>"At once" of many receivers is meant kindly, and would be a tight loop.</summary>
    private static readonly TimeSpan ShortestRetryAfter = TimeSpan.FromSeconds(1);

    /// <summary>A receiver that asks for longer is asked again after this.</summary>
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromHours(1);

    public static async Task<PushOutcome> ReadAsync(
        HttpResponseMessage response,
        PushMessage message,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var status = (int)response.StatusCode;
        var host = response.RequestMessage!.RequestUri!.Authority;
        var body = await ReadAsync(response.Content, message.MostAnswerBytes, cancellationToken);
        var isPage = response.Content.Headers.ContentType?.MediaType is "text/html" or "application/xhtml+xml";
        var reason = status == 200 ? "" : Reason(response, body, isPage);
        return status switch
        {
            200 when message.IsLedger && body is not null && !isPage => new PushOutcome(PushResult.Acknowledged, status, null, Body: body),
            200 => Acknowledged(body, message, host),
            401 or 403 => new PushOutcome(
                PushResult.Denied,
                status,
                $"The fleet at {host} refuses this stack ({status}{reason}). Everything is kept. Is the token in force and the customer active? "
                    + "Rotate the token in the Admin portal and set it here."
            ),
            400 or 413 or 415 or 422 when message.BatchType == BatchTypes.Heartbeat => new PushOutcome(
                PushResult.Retry,
                status,
                $"The fleet at {host} does not take this stack's heartbeat ({status}{reason}), so nothing is pushed and everything is kept. "
                    + $"Is it older than this stack, which speaks protocol version {PushProtocol.Current}? Update it first."
            ),
            400 or 404 or 413 or 415 or 422 when message.IsLedger => new PushOutcome(
                PushResult.Unacceptable,
                status,
                $"The fleet at {host} does not answer a question of the delivery ledger ({status}{reason})."
            ),
            413 => new PushOutcome(PushResult.TooLarge, status, $"The fleet at {host} finds a batch of {Counted.Of(message.Rows, "row")} too large (413{reason})."),
            400 or 415 or 422 when !isPage => new PushOutcome(
                PushResult.Unacceptable,
                status,
                $"The fleet at {host} refuses a batch of {message.Rows} {message.BatchType} for good ({status}{reason})."
            ),
            429 or 503 => new PushOutcome(
                PushResult.Retry,
                status,
                $"The fleet at {host} is busy or being maintained ({status}{reason}). Nothing is lost; it is tried again.",
                RetryAfter(response, now)
            ),
            408 or >= 500 => new PushOutcome(
                PushResult.Retry,
                status,
                $"The fleet at {host} failed ({status}{reason}). Nothing is lost; it is tried again until it answers."
            ),
            _ => new PushOutcome(
                PushResult.Retry,
                status,
                $"{host} does not answer as the fleet does ({status}{Target(response)}{reason}). Check FleetIngest__Url; it is tried again."
            ),
        };
    }

    private static PushOutcome Acknowledged(byte[]? body, PushMessage message, string host)
    {
        var answer = Parse(body);
        var fault =
            answer is null ? "its 200 is not the fleet's answer"
            : answer.BatchId != message.BatchId ? "its 200 is about another batch"
            : (long)answer.Accepted + answer.Duplicate + answer.Rejected != message.Rows ? $"its counts don't add up to the {Counted.Of(message.Rows, "row")} of the batch"
            : null;
        return fault is null
            ? new PushOutcome(PushResult.Acknowledged, 200, null, Answer: answer)
            : new PushOutcome(PushResult.Retry, 200, $"{host} does not answer as the fleet does: {fault}. Check FleetIngest__Url; it is tried again.");
    }

    private static PushAnswer? Parse(byte[]? body)
    {
        try
        {
            return body is null ? null : JsonSerializer.Deserialize(body, PushJson.Default.PushAnswer);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <returns>Null where it is larger than any answer of the fleet.</returns>
    private static async Task<byte[]?> ReadAsync(HttpContent content, int mostBytes, CancellationToken cancellationToken)
    {
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        using var body = new MemoryStream();
        var buffer = new byte[8 * 1024];
        while (await stream.ReadAsync(buffer, cancellationToken) is var read and > 0)
        {
            body.Write(buffer, 0, read);
            if (body.Length > mostBytes)
            {
                return null;
            }
        }

        return body.ToArray();
    }

    // What a problem says, or nothing: a page says nothing that fits into a line.
    private static string Reason(HttpResponseMessage response, byte[]? body, bool isPage)
    {
        var text = isPage ? "a web page" : Problem(body) ?? response.ReasonPhrase;
        if (string.IsNullOrWhiteSpace(text))
        {
            return "";
        }

        var line = string.Concat(text.Take(MostReason).Select(letter => char.IsControl(letter) ? ' ' : letter));
        return ": " + Secrets.Redact(line).Trim().TrimEnd('.');
    }

    private static string? Problem(byte[]? body)
    {
        try
        {
            var problem = body is null ? null : JsonSerializer.Deserialize(body, PushJson.Default.RefusalText);
            return problem is null ? null : string.Join(" ", new[] { problem.Title, problem.Detail }.Where(part => !string.IsNullOrWhiteSpace(part)));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Target(HttpResponseMessage response) =>
        response.StatusCode is >= HttpStatusCode.Ambiguous and < HttpStatusCode.BadRequest && response.Headers.Location is { } location
            ? $", redirects to {(location.IsAbsoluteUri ? location.GetLeftPart(UriPartial.Path) : "another path")}"
            : "";

    private static TimeSpan? RetryAfter(HttpResponseMessage response, DateTimeOffset now)
    {
        TimeSpan? asked = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - now,
            _ => null,
        };
        return asked is not { } wait ? null
            : wait < ShortestRetryAfter ? ShortestRetryAfter
            : wait < LongestRetryAfter ? wait
            : LongestRetryAfter;
    }
}

/// <summary>The part of a problem that goes into a sentence.</summary>
internal sealed record RefusalText(string? Title, string? Detail);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(LedgerAnswer))]
[JsonSerializable(typeof(LedgerRequest))]
[JsonSerializable(typeof(FetchedDevice))]
[JsonSerializable(typeof(PushAnswer))]
[JsonSerializable(typeof(RefusalText))]
[JsonSerializable(typeof(PushBatch<SiteRow>))]
[JsonSerializable(typeof(PushBatch<DeviceRow>))]
[JsonSerializable(typeof(SiteRow[]))]
[JsonSerializable(typeof(DeviceRow[]))]
[JsonSerializable(typeof(IReadOnlyList<PushedSpan>))]
internal sealed partial class PushJson : JsonSerializerContext;
