using Grafana.Tests.Databases;
using Portal.Testing;

namespace Grafana.Tests.Dashboards;

/// <summary>Every panel and every variable of every dashboard, asked as Grafana asks, with the role that it has, on either engine.</summary>
public sealed class QueryTests
{
    // An hour, a day, a week and a year, with the steps that Grafana makes of them on a panel of a thousand dots: every branch of a query that
    // chooses its source by the step is taken.
    private static readonly TimeRange[] Ranges =
    [
        new(DashboardDatabase.Now.AddHours(-1), DashboardDatabase.Now, TimeSpan.FromSeconds(5)),
        new(DashboardDatabase.Now.AddDays(-1), DashboardDatabase.Now, TimeSpan.FromMinutes(1)),
        new(DashboardDatabase.Now.AddDays(-7), DashboardDatabase.Now, TimeSpan.FromMinutes(15)),
        new(DashboardDatabase.Now.AddDays(-365), DashboardDatabase.Now, TimeSpan.FromHours(12)),
    ];

    [PostgresFact]
    public async Task Every_query_runs_on_plain_PostgreSQL_and_has_something_to_show()
    {
        await using var database = await DashboardDatabase.PostgresAsync();

        Assert.NotEmpty(await AnswersAsync(database, Ranges));
    }

    [TimescaleFact]
    public async Task TimescaleDB_shows_the_same_as_plain_PostgreSQL()
    {
        await using var postgres = await DashboardDatabase.PostgresAsync();
        await using var timescale = await DashboardDatabase.TimescaleAsync();
        TimeRange[] ranges = [Ranges[1], Ranges[^1]]; // raw rows, and roll-ups

        var expected = await AnswersAsync(postgres, ranges);
        var shown = await AnswersAsync(timescale, ranges);

        Assert.Equal(expected.Keys, shown.Keys);
        foreach (var (panel, answer) in expected) Assert.True(answer == shown[panel], $"{panel}:\n{answer}\nbut on TimescaleDB\n{shown[panel]}");
    }

    private static async Task<SortedDictionary<string, string>> AnswersAsync(DashboardDatabase database, TimeRange[] ranges)
    {
        var answers = new SortedDictionary<string, string>(StringComparer.Ordinal);
        await using var connection = await database.OpenAsReaderAsync();
        var run = new PanelRun(connection);
        foreach (var dashboard in GrafanaFolder.Dashboards.Where(dashboard => dashboard.ReadsTheDatabase))
            foreach (var range in ranges)
                foreach (var all in (bool[])[true, false])
                    foreach (var (panel, answer) in await run.AnswersAsync(dashboard, range, all))
                        answers[$"{panel}, {range.Step}, {(all ? "all" : "one")}"] = answer;
        return answers;
    }
}
