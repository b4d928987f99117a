using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Portal.Data.Queries;
using Portal.Data.Tests.TimeSeries;
using Portal.Testing;

namespace Portal.Data.Tests.Queries;

public sealed class MeasurementPageTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Newest first, on both sides of the week that is looked through first, and years before.</summary>
    private static readonly DateTimeOffset[] Times =
        [Now.AddMinutes(-1), Now.AddDays(-6), Now.AddDays(-7), Now.AddDays(-7).AddSeconds(-1), Now.AddDays(-14), Now.AddDays(-400), Now.AddDays(-800)];

    [PostgresFact]
    public async Task Pages_give_every_row_once_however_far_rows_lie_apart()
    {
        await using var host = await PortalHost.MigratedAsync(await PostgresServer.CreateDatabaseAsync("pages"), new FakeTimeProvider(Now));
        await TestRows.WriteAsync(host, [.. Times.Select(time => TestRow.Of(1, time, 5))]);
        var queries = host.Services.GetRequiredService<MeasurementQueries>();

        for (var limit = 1; limit <= Times.Length + 1; limit++)
        {
            var found = new List<DateTimeOffset>();
            for (DateTimeOffset? before = null; ; before = found[^1])
            {
                var page = await queries.PageAsync(1, Now.AddYears(-10), Now, limit, before, default);
                if (page.Count == 0) break;
                Assert.True(page.Count <= limit);
                found.AddRange(page.Select(row => row.Time));
            }

            Assert.Equal(Times, found);
        }

        Assert.Equal([Times[4], Times[5]], (await queries.PageAsync(1, Times[5], Times[3], 10, null, default)).Select(row => row.Time));
        Assert.Empty(await queries.PageAsync(1, Now.AddDays(-1), Now, 10, Now.AddDays(-2), default));
    }
}
