using Fleet.Aggregator.Dashboard;
using Microsoft.Extensions.DependencyInjection;
using Portal.Testing;

namespace Fleet.Aggregator.Tests.Dashboard;

public sealed class RecentDashboardTests(AggregatorApp app) : IClassFixture<AggregatorApp>
{
    [PostgresFact]
    public async Task Callers_that_come_while_it_is_computed_get_the_same_one()
    {
        using var recent = new RecentDashboard(app.Services.GetRequiredService<DashboardQueries>(), TimeProvider.System);
        Task<Portal.Contracts.Fleet.FleetDashboard>[] shown;
        await using (var connection = await app.Database.OpenConnectionAsync())
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await using var hold = new Npgsql.NpgsqlCommand("""LOCK TABLE fleet."Silences", fleet."Devices" """, connection, transaction);
            await hold.ExecuteNonQueryAsync();
            shown = [.. Enumerable.Range(0, 10).Select(_ => recent.GetAsync(CancellationToken.None))];
            await Eventually.TrueAsync(async () => await app.WaitingAsync() > 0, "it is being computed");
        }

        var dashboards = await Task.WhenAll(shown);
        Assert.All(dashboards, dashboard => Assert.Same(dashboards[0], dashboard));
    }

    [PostgresFact]
    public async Task A_caller_that_gives_up_leaves_the_others_their_dashboard()
    {
        using var recent = new RecentDashboard(app.Services.GetRequiredService<DashboardQueries>(), TimeProvider.System);
        using var impatient = new CancellationTokenSource();
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => recent.GetAsync(impatient.Token));
        Assert.NotNull(await recent.GetAsync(CancellationToken.None));
    }
}
