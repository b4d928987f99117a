using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using Portal.TimeSeries;

namespace Portal.Data.TimeSeries.Gathering;

/// <summary>
/// Gathers days that are over, one after the other, and looks for the next one every five minutes. Every API runs it; per pass one of them leads. On
/// shutdown a pass is broken off between two devices, or within one, which is then as it was.
/// </summary>
internal sealed class GatherJob(
    DayGathering gathering,
    SchemaReady schema,
    IOptions<GatherOptions> options,
    TimeProvider clock,
    ILogger<GatherJob> logger
) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.GatherDays)
        {
            return;
        }

        await schema.Task.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(Interval, clock);
        do
        {
            try
            {
                while (await gathering.RunAsync(stoppingToken) is { IsDone: true } day)
                {
                    logger.Log(
                        day.Rows > 0 ? LogLevel.Information : LogLevel.Debug,
                        "Laid {Rows} measurements of {Day:yyyy-MM-dd} together, of {Devices} devices",
                        day.Rows,
                        day.Day,
                        day.Devices
                    );
                }
            }
            catch (NpgsqlException exception)
            {
                logger.LogWarning(exception, "Measurements can't be laid together at the moment, trying again in {Interval}: {Reason}", Interval, exception.Message);
            }
        } while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
