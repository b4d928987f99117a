using System.Collections.Concurrent;
using System.Net;
using Portal.AppHost.Tests.Processes;

namespace Portal.AppHost.Tests.EndToEnd;

/// <summary>A meter that posts one reading after the other, as fast as it is answered, and remembers which it was told are safe.</summary>
internal sealed class MeterLoad
{
    private readonly ConcurrentDictionary<DateTimeOffset, double> _answered = new();
    private readonly Task _posting;
    private volatile bool _ending;

    public MeterLoad(StackClient client, string key, string externalId, DateTimeOffset from) => _posting = Task.Run(() => PostAsync(client, key, externalId, from));

    /// <summary>Waits for so many more readings to be answered.</summary>
    public Task AnsweredAsync(int more)
    {
        var enough = _answered.Count + more;
        return Shell.EventuallyAsync(() => _posting.IsCompleted || _answered.Count >= enough, "the meter's posts are not answered any more");
    }

    /// <summary>Stops, and returns time and power of every reading that was answered 200.</summary>
    public async Task<IReadOnlyDictionary<DateTimeOffset, double>> EndAsync()
    {
        _ending = true;
        await _posting;
        return _answered;
    }

    // At a reading a second of the meter's clock, a day holds far more than a test posts.
    private async Task PostAsync(StackClient client, string key, string externalId, DateTimeOffset from)
    {
        for (var number = 0; !_ending; number++)
        {
            var (time, power) = (from.AddSeconds(number), number / 8.0);
            try
            {
                using var answer = await client.PostAsMeterAsync(
                    "/api/ingest/measurements", key, new { measurements = new[] { new { externalId, time, activePowerKw = power } } });
                if (answer.StatusCode == HttpStatusCode.OK) _answered[time] = power;
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
            {
                // Not answered, so nothing was promised.
            }
        }
    }
}
