namespace Portal.ServiceDefaults;

/// <summary>
/// <c>--probe URL</c>: the program asks another copy of itself how it is, and ends. Images hold no curl and need no shell: a container's health
/// check is <c>dotnet Portal.Api.dll --probe http://127.0.0.1:8080/health/ready</c>.
/// </summary>
public static class Probe
{
    /// <summary>The option.</summary>
    public const string Option = "--probe";

    // Shorter than the ten seconds after which the manifests' health checks are given up.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The exit code where <paramref name="args"/> are <c>--probe URL</c>: 0 for an answer of 200 to 299, 1 for any other or none, 2 where the URL is
    /// none. Null where the program was started to do its work. Why something isn't ready stands in its own log.
    /// </summary>
    public static async Task<int?> AnswerAsync(string[] args)
    {
        if (args is not [Option, ..]) return null;
        if (args is not [_, var given] || !Uri.TryCreate(given, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            await Console.Error.WriteLineAsync($"{Option} takes one address, such as http://127.0.0.1:8080/health/ready.");
            return 2;
        }

        try
        {
            using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = Limit };
            using var answer = await client.GetAsync(url);
            await Console.Out.WriteLineAsync($"{(int)answer.StatusCode}");
            return answer.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            await Console.Out.WriteLineAsync(exception.Message);
            return 1;
        }
    }
}
