namespace Portal.AppHost.Local;

/// <summary>Asks services whether they are ready.</summary>
internal static class HealthProbe
{
    private static readonly HttpClient Http = new(new SocketsHttpHandler { UseProxy = false, ConnectTimeout = TimeSpan.FromSeconds(1) })
    {
        Timeout = TimeSpan.FromSeconds(3),
    };

    /// <summary>True for 200; any other answer, and none, is false.</summary>
    /// <param name="host">The host to ask for, where it is not the address's own.</param>
    public static async Task<bool> IsReadyAsync(string url, CancellationToken cancel, string? host = null)
    {
        try
        {
            using var question = new HttpRequestMessage(HttpMethod.Get, url);
            question.Headers.Host = host;
            using var answer = await Http.SendAsync(question, HttpCompletionOption.ResponseHeadersRead, cancel);
            return answer.StatusCode == System.Net.HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
        catch (TaskCanceledException) when (!cancel.IsCancellationRequested)
        {
            return false;
        }
    }
}
