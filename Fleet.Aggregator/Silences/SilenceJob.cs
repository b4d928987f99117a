using Npgsql;
using Portal.TimeSeries;

namespace Fleet.Aggregator.Silences;

/// <summary>
/// Looks for silences once a minute. Every aggregator runs it, one of them leads a pass. On shutdown a pass is broken off and rolled back; the
/// next one, wherever, does it.
/// </summary>
internal sealed class SilenceJob(SilencePass pass, SilenceGauges gauges, SchemaReady schema, TimeProvider clock, ILogger<SilenceJob> logger)
    : BackgroundService
{
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    /// <summary>Longer without a pass that went well, and the fleet was away itself: what it could not hear is nobody's silence.</summary>
    private static readonly TimeSpan Away = TimeSpan.FromMinutes(2.5);

    private DateTimeOffset lastDone = DateTimeOffset.MinValue;
    private DateTimeOffset watchingSince;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await schema.Task.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(Interval, clock);
        do
        {
            await RunAsync(stoppingToken);
        } while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (now - lastDone > Away)
        {
            watchingSince = now;
        }

        try
        {
            if (await pass.RunAsync(now, watchingSince, cancellationToken) is { } counts)
            {
                await gauges.ReadAsync(counts, cancellationToken);
            }
            else
            {
                gauges.Clear(); // another aggregator leads, and tells
            }

            lastDone = now;
        }
        catch (NpgsqlException error)
        {
            logger.LogWarning("Silences could not be looked for, the next pass does: {Reason}", error.Message);
        }
    }
}
