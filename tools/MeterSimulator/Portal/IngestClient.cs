using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using MeterSimulator.Posts;

namespace MeterSimulator.Portal;

/// <summary>Posts to <c>/api/ingest/acuvim</c> and says what became of it. Never throws for what a network or a server does.</summary>
internal sealed class IngestClient(HttpClient http, PortalAddress portal, string key, TimeProvider time)
{
    private const string Path = "/api/ingest/acuvim";

    // Beyond this a receiver is asked before the bytes are sent: one that finds the post too large answers and closes the connection,
    // and who is still sending then sees a broken connection instead of the answer.
    private const int AskFirstBytes = 512 * 1024;

    // A key or host that is wrong stays wrong until somebody does something; asking more often helps nobody.
    private static readonly TimeSpan UntilSomebodyActs = TimeSpan.FromMinutes(1);

    public async Task<PostOutcome> SendAsync(Post post, CancellationToken cancellation)
    {
        using var request = portal.Request(HttpMethod.Post, Path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        var body = PostBody.Of(post);
        request.Content = new ByteArrayContent(body.Bytes);
        request.Content.Headers.ContentType = body.Type;
        request.Headers.ExpectContinue = body.Bytes.Length > AskFirstBytes;
        if (body.Gzip) request.Content.Headers.ContentEncoding.Add("gzip");
        try
        {
            using var response = await http.SendAsync(request, cancellation);
            return response.IsSuccessStatusCode ? await ReadAsync(response, cancellation) : await RefusalAsync(response, cancellation);
        }
        catch (Exception failure) when (IsNetwork(failure) && !cancellation.IsCancellationRequested)
        {
            return new PostOutcome.TryAgain($"no answer from {portal}: {failure.Message.TrimEnd('.')}", null);
        }
    }

    /// <summary>No connection, cut off, or no answer in time.</summary>
    public static bool IsNetwork(Exception failure) => failure is HttpRequestException or IOException or OperationCanceledException;

    private static async Task<PostOutcome> ReadAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        try
        {
            await using var stream = await response.Content.ReadAsStreamAsync(cancellation);
            var answer = await JsonSerializer.DeserializeAsync(stream, IngestJson.Default.IngestAnswer, cancellation);
            if (answer is not null) return new PostOutcome.Acknowledged(answer);
        }
        catch (JsonException)
        {
            // Something else than ingest answered, a sign-in page perhaps: that is no acknowledgement.
        }

        return new PostOutcome.TryAgain(
            $"{(int)response.StatusCode} without ingest's answer: check that --portal is the portal's gateway", UntilSomebodyActs);
    }

    private async Task<PostOutcome> RefusalAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        var said = await Problem.ReadAsync(response, cancellation);
        return response.StatusCode switch
        {
            HttpStatusCode.Unauthorized => new PostOutcome.TryAgain(
                $"{said} — the ingest key is not, or no longer, valid: delete the key file and start again to have another made",
                UntilSomebodyActs),
            HttpStatusCode.Forbidden => new PostOutcome.TryAgain(
                $"{said} — check that the key in the key file belongs to {portal.Host}", UntilSomebodyActs),
            HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed or HttpStatusCode.MisdirectedRequest => new PostOutcome.TryAgain(
                $"{said} — no ingest at {portal}{Path}: check --portal and --host", UntilSomebodyActs),
            HttpStatusCode.RequestEntityTooLarge => new PostOutcome.TooLarge(said),
            HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError =>
                new PostOutcome.TryAgain(said, RetryAfter.Of(response, time)),
            _ => new PostOutcome.Refused($"{said} — set aside; try one like it by hand with the command `show`"),
        };
    }
}
