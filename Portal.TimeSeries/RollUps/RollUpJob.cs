using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Portal.TimeSeries.RollUps;

/// <summary>
/// Keeps the roll-ups up to date, about once a second. Every process of the service that owns the schema runs it; per pass one of them leads. On shutdown a pass is broken off: its
/// transaction is rolled back, its notes stay for whoever is next.
/// </summary>
internal sealed class RollUpJob(
    ITimeSeries timeSeries,
    SchemaReady schema,
    RollUpMetrics metrics,
    TimeProvider clock,
    ILogger<RollUpJob> logger
) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Longest pause after failures: a database that comes back is noticed within it.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await schema.Task.WaitAsync(stoppingToken);
        var failures = 0;
        while (true)
        {
            var started = clock.GetTimestamp();
            var pause = Interval;
            try
            {
                var pass = await timeSeries.RefreshAsync(stoppingToken);
                var took = clock.GetElapsedTime(started);
                if (pass is not null)
                {
                    metrics.Done(pass, took);
                }

                // Behind after a wave of late rows: on at once, but half of the time belongs to everybody else.
                pause = pass is { More: true } ? took : Interval;
                if (failures > 0)
                {
                    logger.LogInformation("Roll-ups are being refreshed again after {Failures} failures", failures);
                    failures = 0;
                }
            }
            catch (NpgsqlException exception)
            {
                metrics.Failed();
                if (failures++ == 0)
                {
                    logger.LogWarning(exception, "Roll-ups can't be refreshed at the moment, retrying: {Reason}", exception.Message);
                }

                var doubled = Interval * Math.Pow(2, Math.Min(failures, 10));
                pause = (doubled < LongestPause ? doubled : LongestPause) * (0.75 + (Random.Shared.NextDouble() / 2));
            }

            await Task.Delay(pause, clock, stoppingToken);
        }
    }
}
