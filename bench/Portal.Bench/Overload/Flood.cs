using System.Globalization;
using System.Net;

namespace Portal.Bench.Overload;

/// <summary>
/// Sends batches at twice the rate that is taken, whether the ones before are answered or not, and remembers which of them were acknowledged. What is
/// refused is not sent again: the next one is due already.
/// </summary>
/// <param name="send">Sends the batch with this number; the answer's status.</param>
/// <param name="servicePid">Whose memory is watched.</param>
internal sealed class Flood(Func<int, Task<HttpStatusCode>> send, int servicePid)
{
    /// <summary>Bodies under way are this process's memory: 100 of 2 MB.</summary>
    private const int MostUnderWay = 100;

    private static readonly TimeSpan Calibration = TimeSpan.FromSeconds(15);

    private readonly List<int> acknowledged = [];
    private readonly List<(TimeSpan At, double MiB)> memory = [];
    private readonly Dictionary<HttpStatusCode, int> answers = [];
    private int next;
    private int underWay;

    public IReadOnlyCollection<int> Acknowledged => acknowledged;

    public int Sent => next;

    /// <summary>Batches that were due while as many as may be were under way: not sent, so that it is the services that are measured.</summary>
    public int Unsent { get; private set; }

    /// <summary>Most batches a second that were taken: by two senders that waited for each answer, or in the overload itself.</summary>
    public double Capacity { get; private set; }

    public IEnumerable<string> Answers => answers.OrderBy(answer => answer.Key).Select(answer => string.Create(CultureInfo.InvariantCulture, $"{(int)answer.Key}: {answer.Value:N0}"));

    /// <summary>Whether nothing but 200, 429 and 503 was answered, and at least one of the latter.</summary>
    public bool IsRefusedProperly =>
        answers.Keys.All(status => status is HttpStatusCode.OK or HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable) && answers.Count > 1;

    /// <summary>Memory after a quarter of the time, and its peak from there on.</summary>
    public (double After, double Peak) Memory(TimeSpan duration)
    {
        var warm = memory.Where(sample => sample.At > duration / 4).Select(sample => sample.MiB).ToList();
        var first = warm.Take(Math.Max(1, warm.Count / 3)).Max();
        return (first, warm.Max());
    }

    public async Task RunAsync(TimeSpan duration)
    {
        await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => CalibrateAsync()));
        var calibrated = acknowledged.Count;
        Capacity = calibrated / Calibration.TotalSeconds;
        var from = TimeProvider.System.GetTimestamp();
        var (due, last) = (0.0, TimeSpan.Zero);
        var tasks = new List<Task>();
        for (var passed = TimeSpan.Zero; passed < duration; passed = TimeProvider.System.GetElapsedTime(from))
        {
            // A service that has just started takes less than it does a minute later.
            Capacity = Math.Max(Capacity, passed.TotalSeconds < Calibration.TotalSeconds ? 0 : (TakenSoFar() - calibrated) / passed.TotalSeconds);
            for (due += (passed - last).TotalSeconds * 2 * Capacity, last = passed; due >= 1; due--)
            {
                if (Volatile.Read(ref underWay) < MostUnderWay)
                {
                    tasks.Add(SendAsync());
                }
                else
                {
                    Unsent++;
                }
            }

            if (memory.Count == 0 || passed - memory[^1].At > TimeSpan.FromSeconds(1))
            {
                memory.Add((passed, ResidentMiB()));
                tasks.RemoveAll(task => task.IsCompletedSuccessfully);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }

        await Task.WhenAll(tasks);
    }

    private int TakenSoFar()
    {
        lock (answers)
        {
            return acknowledged.Count;
        }
    }

    private async Task CalibrateAsync()
    {
        for (var from = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(from) < Calibration; )
        {
            await SendAsync();
        }
    }

    private async Task SendAsync()
    {
        var batch = Interlocked.Increment(ref next) - 1;
        Interlocked.Increment(ref underWay);
        try
        {
            var status = await Task.Run(() => send(batch));
            lock (answers)
            {
                answers[status] = answers.GetValueOrDefault(status) + 1;
                if (status == HttpStatusCode.OK)
                {
                    acknowledged.Add(batch);
                }
            }
        }
        finally
        {
            Interlocked.Decrement(ref underWay);
        }
    }

    private double ResidentMiB() =>
        double.Parse(
            File.ReadLines($"/proc/{servicePid}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
            CultureInfo.InvariantCulture
        ) / 1024;
}
