using System.Net;
using System.Net.Http.Json;
using Polly.CircuitBreaker;
using Polly.RateLimiting;
using Polly.Timeout;
using Portal.Contracts;

namespace Portal.Web.Api;

/// <summary>
/// Calls a service as the person who looks at the page. Whatever goes wrong becomes one of three exceptions:
/// <see cref="ApiUnavailableException"/>, <see cref="SignedOutException"/>, <see cref="ApiRefusedException"/>.
/// </summary>
/// <param name="service">What people call the service.</param>
public abstract class ApiClient(HttpClient http, Caller caller, string service)
{
    protected async Task<T> GetAsync<T>(string path, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(HttpMethod.Get, path, null, cancellationToken);
        return await ReadAsync<T>(answer, cancellationToken);
    }

    /// <summary>Sends a body and reads the answer's.</summary>
    protected async Task<T> SendAsync<T>(HttpMethod method, string path, object? body, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(method, path, body, cancellationToken);
        return await ReadAsync<T>(answer, cancellationToken);
    }

    /// <summary>Does something whose answer has nothing to read.</summary>
    protected async Task DoAsync(HttpMethod method, string path, object? body, CancellationToken cancellationToken) =>
        (await SendAsync(method, path, body, cancellationToken)).Dispose();

    /// <summary>A collection that its service bounds: never more than <paramref name="most"/>.</summary>
    protected async Task<IReadOnlyList<T>> AllAsync<T>(string path, int most, CancellationToken cancellationToken) =>
        (await ListAsync<T>(path, most, cancellationToken)).Items;

    /// <summary>A collection to its end, or to about <paramref name="most"/> of it: a page is taken as a whole.</summary>
    protected async Task<Listed<T>> ListAsync<T>(string path, int most, CancellationToken cancellationToken)
    {
        var items = new List<T>();
        string? cursor = null;
        do
        {
            var page = await GetAsync<Page<T>>(cursor is null ? path : $"{path}{(path.Contains('?') ? '&' : '?')}cursor={Uri.EscapeDataString(cursor)}", cancellationToken);
            items.AddRange(page.Items);
            cursor = page.Next;
        } while (cursor is not null && items.Count < most);

        return new Listed<T>(items, cursor is not null);
    }

    /// <summary>The answer as it is, whatever its status below 500.</summary>
    protected async Task<HttpResponseMessage> SendRawAsync(HttpMethod method, string path, HttpContent? content, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        caller.Sign(request);
        try
        {
            var answer = await http.SendAsync(request, cancellationToken);
            if ((int)answer.StatusCode < 500) return answer;
            answer.Dispose();
            throw new ApiUnavailableException($"{service} answered {(int)answer.StatusCode}.");
        }
        catch (Exception exception) when (exception is HttpRequestException or TimeoutRejectedException or BrokenCircuitException or RateLimiterRejectedException
            || (exception is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new ApiUnavailableException($"{service} does not answer.", exception);
        }
    }

    /// <summary>An answer that is a success.</summary>
    protected async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, object? body, CancellationToken cancellationToken)
    {
        using var content = body switch
        {
            null => null,
            HttpContent ready => ready,
            _ => JsonContent.Create(body, body.GetType()),
        };
        var answer = await SendRawAsync(method, path, content, cancellationToken);
        if (answer.IsSuccessStatusCode) return answer;
        using (answer)
        {
            if (answer.StatusCode == HttpStatusCode.Unauthorized) throw new SignedOutException();
            throw new ApiRefusedException(answer.StatusCode, await Problem.ReadAsync(answer, cancellationToken));
        }
    }

    private async Task<T> ReadAsync<T>(HttpResponseMessage answer, CancellationToken cancellationToken) =>
        await answer.Content.ReadFromJsonAsync<T>(cancellationToken) ?? throw new ApiUnavailableException($"{service} answered nothing.");
}
