using System.Net.Http.Headers;
using Microsoft.Extensions.Options;
using Portal.Domain.Keys;

namespace Portal.Ingest.FleetPush;

/// <summary>Sends one batch once and says what the answer means. Whoever calls it decides about repetitions.</summary>
internal sealed class PushTransport : IDisposable
{
    private readonly Uri? url;
    private readonly TimeProvider clock;
    private readonly HttpClient? client;

    public PushTransport(IOptions<FleetIngestOptions> options, TimeProvider clock)
    {
        url = options.Value.Enabled ? options.Value.IngestUrl : null;
        this.clock = clock;
        // A client of its own: those of the factory follow service discovery and repeat what fails by rules of their own.
        client = url is null ? null : new HttpClient(PushConnections.Create(url)) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Longest time for all of an answer: the largest batch takes a busy receiver some seconds.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);

    /// <exception cref="OperationCanceledException">The caller gave up. Whether the batch arrived is not known.</exception>
    public async Task<PushOutcome> SendAsync(PushMessage message, FleetToken token, CancellationToken cancellationToken)
    {
        using var request = Request(message);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Reveal());
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            using var response = await client!.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            return await PushAnswers.ReadAsync(response, message, clock.GetUtcNow(), limit.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            return Unreachable($"it gave no whole answer within {Patience.TotalSeconds:0} seconds", e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return Unreachable(e.Message.TrimEnd('.'), e);
        }
    }

    public void Dispose() => client?.Dispose();

    private HttpRequestMessage Request(PushMessage message)
    {
        var target = new Uri(url!, message.Path);
        if (message.Body.IsEmpty)
        {
            return new HttpRequestMessage(HttpMethod.Get, target);
        }

        var content = new ReadOnlyMemoryContent(message.Body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        if (message.IsCompressed)
        {
            content.Headers.ContentEncoding.Add("zstd");
        }

        return new HttpRequestMessage(HttpMethod.Post, target) { Content = content };
    }

    private PushOutcome Unreachable(string reason, Exception exception)
    {
        var innermost = exception.GetBaseException().Message.TrimEnd('.');
        var detail = reason.Contains(innermost, StringComparison.Ordinal) || exception is OperationCanceledException ? reason : $"{reason} ({innermost})";
        return new PushOutcome(
            PushResult.Retry,
            null,
            $"The fleet at {url!.Authority} can't be reached: {detail}. Nothing is lost; it is tried again until it answers."
        );
    }
}
