using System.Net.Http.Json;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace Portal.Web.Api;

/// <summary>Turns what can go wrong between two services into one exception that pages know how to show.</summary>
internal static class Answers
{
    public static async Task<HttpResponseMessage> SendAsync(string service, Func<Task<HttpResponseMessage>> send)
    {
        try
        {
            var response = await send();
            if ((int)response.StatusCode < 500)
            {
                return response;
            }

            response.Dispose();
            throw new ApiUnavailableException($"{service} answered {(int)response.StatusCode}.");
        }
        catch (Exception exception) when (exception is HttpRequestException or TimeoutRejectedException or BrokenCircuitException)
        {
            throw new ApiUnavailableException($"{service} does not answer.", exception);
        }
    }

    public static async Task<T> ReadAsync<T>(Task<HttpResponseMessage> sending, CancellationToken cancellationToken)
    {
        using var response = await sending;
        if (!response.IsSuccessStatusCode)
        {
            throw new ApiUnavailableException($"{response.RequestMessage?.RequestUri?.AbsolutePath} answered {(int)response.StatusCode}.");
        }

        return await response.Content.ReadFromJsonAsync<T>(cancellationToken)
            ?? throw new ApiUnavailableException($"{response.RequestMessage?.RequestUri?.AbsolutePath} answered nothing.");
    }
}
