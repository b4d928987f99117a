using System.Collections.Concurrent;
using System.Net;
using Portal.AppHost.Tests.Processes;

namespace Portal.AppHost.Tests.EndToEnd;

/// <summary>A meter that posts one reading after the other, or some at a time, and remembers which it was told are safe.</summary>
internal sealed class MeterLoad
{
    private readonly ConcurrentDictionary<DateTimeOffset, double> _answered = new();
    private readonly Task _posting;
    private volatile bool _ending;

    /// <param name="from">Time of the first reading; each later one is a second after the one before.</param>
    /// <param name="readings">How many readings a post has.</param>
    /// <param name="pause">Between two posts; none: as fast as it is answered.</param>
    public MeterLoad(StackClient client, string key, string externalId, DateTimeOffset from, int readings = 1, TimeSpan pause = default) =>
        _posting = Task.Run(() => PostAsync(client, key, externalId, from, readings, pause));

    /// <summary>Waits for so many more readings to be answered.</summary>
    public Task AnsweredAsync(int more)
    {
        var enough = _answered.Count + more;
        return Shell.EventuallyAsync(
            () => Task.FromResult(_posting.IsCompleted || _answered.Count >= enough), "the meter's posts are not answered any more", TimeSpan.FromMinutes(2));
    }

    /// <summary>Stops, and returns time and power of every reading that was answered 200.</summary>
    public async Task<IReadOnlyDictionary<DateTimeOffset, double>> EndAsync()
    {
        _ending = true;
        await _posting;
        return _answered;
    }

    // At a reading a second of the meter's clock, a day holds far more than a test posts.
    private async Task PostAsync(StackClient client, string key, string externalId, DateTimeOffset from, int readings, TimeSpan pause)
    {
        for (var number = 0; !_ending; number += readings)
        {
            var rows = Enumerable.Range(number, readings).Select(n => new { externalId, time = from.AddSeconds(n), activePowerKw = n / 8.0 }).ToArray();
            try
            {
                using var answer = await client.PostAsMeterAsync("/api/ingest/measurements", key, new { measurements = rows });
                if (answer.StatusCode == HttpStatusCode.OK)
                    foreach (var row in rows) _answered[row.time] = row.activePowerKw;
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
            {
                // Not answered, so nothing was promised.
            }

            if (pause > TimeSpan.Zero) await Task.Delay(pause, TimeProvider.System);
        }
    }
}
