using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using Portal.Data.Measurements;
using Portal.TimeSeries;

namespace Portal.Data.Quarantine;

/// <summary>
/// Keeps the quarantine within its bounds: every ten minutes, and at once when this process has filled it. On shutdown the pass under way is
/// rolled back; the next start does it again.
/// </summary>
internal sealed class QuarantineKeeper(
    QuarantineBounds bounds,
    QuarantineUsage usage,
    TimeProvider clock,
    ILogger<QuarantineKeeper> logger
) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(10);

    /// <summary>Until the next try where the database is away.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await bounds.EnforceAsync(stoppingToken);
                await Task.WhenAny(usage.Full, Task.Delay(Period, clock, stoppingToken));
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error) when (StoreErrors.IsUnavailable(error) || error is PostgresException { IsTransient: true })
            {
                // Away, busy, or its schema not there yet (said by readiness already): nothing comes in meanwhile either.
                var level = error is PostgresException { SqlState: PostgresErrorCodes.UndefinedTable } ? LogLevel.Debug : LogLevel.Warning;
                logger.Log(level, "The quarantine's bounds could not be checked: {Reason}", error.Message);
                await Task.Delay(Pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
