using Microsoft.Extensions.Hosting;

namespace Portal.Data.Counts;

/// <summary>Writes every few seconds what was counted meanwhile, and once more on a normal stop; what a crash cuts off is lost.</summary>
public abstract class PacedWriter(TimeProvider clock) : BackgroundService
{
    protected static readonly TimeSpan Pace = TimeSpan.FromSeconds(5);

    protected TimeProvider Clock { get; } = clock;

    /// <summary>Writes what is due. What could not be written is kept for the next time, also where it was cancelled.</summary>
    /// <param name="last">Nothing comes after this one: what could wait is due as well.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    protected abstract Task WriteAsync(bool last, CancellationToken cancellationToken);

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pace, Clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await WriteAsync(last: false, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await WriteAsync(last: true, CancellationToken.None);
        }
    }
}
