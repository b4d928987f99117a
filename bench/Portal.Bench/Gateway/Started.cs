using Portal.AppHost.Processes;

namespace Portal.Bench.Gateway;

/// <summary>Waits for a program that was just started.</summary>
internal static class Started
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static async Task AnswersAsync(ChildProcess child, string url, string name)
    {
        using var client = new HttpClient();
        for (var from = TimeProvider.System.GetTimestamp(); !child.Exited.IsCompleted && TimeProvider.System.GetElapsedTime(from) < Patience; )
        {
            try
            {
                if ((await client.GetAsync(url)).IsSuccessStatusCode) return;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }

        throw new InvalidOperationException($"{name} did not get ready; what it said is above.");
    }
}
