using Portal.Contracts.Overview;
using Portal.Domain.Energy;
using Portal.Domain.Tariffs;

namespace Portal.Api.Costs;

/// <summary>
/// What the month has cost so far, of every site with a tariff. The start page asks every few seconds and bills take longer than its other
/// figures, so they are made in the background and shown as they were last made.
/// </summary>
/// <remarks>One set is kept: as many entries as the portal may have sites.</remarks>
internal sealed class MonthCosts(IServiceScopeFactory scopes, TimeProvider clock, ILogger<MonthCosts> logger)
{
    /// <summary>Bills are made anew once they are this old, or twenty times as old as it took to make them.</summary>
    public static readonly TimeSpan FreshFor = TimeSpan.FromMinutes(1);

    private const int RestFactor = 20;

    /// <summary>The first answer waits for the bills this long, so that a page that is opened has them at once.</summary>
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(1);

    private readonly Lock turn = new();
    private Task? making;
    private DateTimeOffset dueAt;
    private volatile Dictionary<Guid, OverviewCost> known = [];

    /// <summary>By site; those that aren't worked out yet are missing.</summary>
    public async Task<IReadOnlyDictionary<Guid, OverviewCost>> NowAsync(CancellationToken cancellationToken)
    {
        Task? current;
        lock (turn)
        {
            if (making is null or { IsCompleted: true } && clock.GetUtcNow() >= dueAt) making = Task.Run(MakeAsync, CancellationToken.None);
            current = making;
        }

        if (current is { IsCompleted: false } && known.Count == 0)
            await Task.WhenAny(current, Task.Delay(FirstWait, clock, cancellationToken));
        return known;
    }

    private async Task MakeAsync()
    {
        var started = clock.GetTimestamp();
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var sites = await scope.ServiceProvider.GetRequiredService<BilledSites>().AssignedAsync(CancellationToken.None);
            var reader = scope.ServiceProvider.GetRequiredService<BillReader>();
            var now = clock.GetUtcNow();
            List<(BilledSite Site, BillInput Input)> inputs = [];
            foreach (var site in sites)
            {
                var month = IntervalGrid.Floor(now, IntervalLength.Month, site.Zone);
                // To the last whole quarter of an hour: what is newer changes with every reading.
                var to = IntervalGrid.Floor(now, IntervalLength.QuarterHour, site.Zone);
                if (to > month && !CurrencyChanges(BillReader.Input(site, month, to))) inputs.Add((site, BillReader.Input(site, month, to)));
            }

            var bills = await reader.CalculateAsync(inputs, CancellationToken.None);
            known = inputs.Zip(bills).Where(pair => pair.Second.Currency is not null).ToDictionary(
                pair => pair.First.Site.Id,
                pair => new OverviewCost(
                    pair.First.Input.From, pair.First.Input.To, pair.Second.Currency!, pair.Second.Total, pair.Second.IsEstimated || !pair.Second.IsComplete));
        }
        catch (Exception exception)
        {
            // The start page does without; the next turn tries again.
            logger.LogWarning(exception, "The month's costs could not be worked out");
        }
        finally
        {
            var rest = clock.GetElapsedTime(started) * RestFactor;
            lock (turn) dueAt = clock.GetUtcNow() + (rest > FreshFor ? rest : FreshFor);
        }
    }

    // Such a month has two bills and no one figure.
    private static bool CurrencyChanges(BillInput input)
    {
        try
        {
            _ = BillNeeds.Of(input);
            return false;
        }
        catch (MixedCurrenciesException)
        {
            return true;
        }
    }
}
