using Portal.Contracts.Fleet;

namespace Fleet.Aggregator.Dashboard;

/// <summary>
/// The dashboard as it was computed last, by one caller at a time: any number of screens that ask again and again cost a sixth of one
/// connection's time at most. In a fleet of some hundred devices that is no delay anybody could notice.
/// </summary>
internal sealed class RecentDashboard(DashboardQueries queries, TimeProvider clock) : IDisposable
{
    /// <summary>Shown again for so many times as long as it took.</summary>
    private const int Times = 5;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim computing = new(1);
    private FleetDashboard? last;
    private long computedAt;
    private TimeSpan keptFor;

    public async Task<FleetDashboard> GetAsync(CancellationToken cancellationToken)
    {
        await computing.WaitAsync(cancellationToken);
        try
        {
            if (last is not null && clock.GetElapsedTime(computedAt) < keptFor)
            {
                return last;
            }

            var started = clock.GetTimestamp();
            var dashboard = await queries.FleetAsync(cancellationToken);
            computedAt = clock.GetTimestamp();
            var times = Times * clock.GetElapsedTime(started, computedAt);
            keptFor = times < Longest ? times : Longest;
            return last = dashboard;
        }
        finally
        {
            computing.Release();
        }
    }

    public void Dispose() => computing.Dispose();
}
