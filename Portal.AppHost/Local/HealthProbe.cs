namespace Portal.AppHost.Local;

/// <summary>Asks services whether they are ready.</summary>
internal static class HealthProbe
{
    private static readonly HttpClient Http = new(new SocketsHttpHandler { UseProxy = false, ConnectTimeout = TimeSpan.FromSeconds(1) })
    {
        Timeout = TimeSpan.FromSeconds(3),
    };

    /// <summary>True for 200; any other answer, and none, is false.</summary>
    public static async Task<bool> IsReadyAsync(string url, CancellationToken cancel)
    {
        try
        {
            using var answer = await Http.GetAsync(new Uri(url), HttpCompletionOption.ResponseHeadersRead, cancel);
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
