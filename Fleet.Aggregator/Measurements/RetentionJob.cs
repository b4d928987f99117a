using Microsoft.Extensions.Options;
using Npgsql;
using Portal.TimeSeries;

namespace Fleet.Aggregator.Measurements;

/// <summary>
/// Runs <see cref="Retention"/> once an hour, where raw measurements are to be dropped at all. On shutdown a run is broken off, and the next
/// one takes it up.
/// </summary>
internal sealed class RetentionJob(
    Retention retention,
    SchemaReady schema,
    IOptions<MeasurementOptions> options,
    TimeProvider clock,
    ILogger<RetentionJob> logger
) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Value.KeepDays is not { } days)
        {
            return;
        }

        await schema.Task.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(Interval, clock);
        do
        {
            try
            {
                if (await retention.RunAsync(days, stoppingToken) is > 0 and var dropped)
                {
                    logger.LogInformation("Dropped {Count} partitions of measurements that are older than {Days} days; their roll-ups stay", dropped, days);
                }
            }
            catch (NpgsqlException exception)
            {
                logger.LogWarning(exception, "Old measurements can't be dropped at the moment, trying again in an hour: {Reason}", exception.Message);
            }
        } while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
