using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Portal.Data.Queries;
using Portal.Data.Tests.TimeSeries;
using Portal.Testing;

namespace Portal.Data.Tests.Timescale;

/// <summary>The start page and a device's quality read the same from both engines, before and after roll-ups are made.</summary>
public sealed class SameQueriesTests
{
    private static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById("Africa/Johannesburg");

    [TimescaleFact]
    public async Task The_start_page_and_quality_say_the_same()
    {
        await using var engines = await EnginePair.CreateAsync();
        await engines.WriteAsync([.. Rows()]);
        var live = await SameAsync(engines);
        Assert.Contains("\"GapCount\":1", live, StringComparison.Ordinal);
        Assert.Contains("\"Rows\":", live, StringComparison.Ordinal);

        await engines.RefreshAsync();
        Assert.Equal(live, await SameAsync(engines));
    }

    private static async Task<string> SameAsync(EnginePair engines)
    {
        var expected = await AskAsync(engines.Postgres);
        Assert.Equal(expected, await AskAsync(engines.Timescale));
        return expected;
    }

    private static async Task<string> AskAsync(PortalHost host)
    {
        var quality = host.Services.GetRequiredService<QualityQueries>();
        var overview = host.Services.GetRequiredService<OverviewQueries>();
        var (from, to) = (EnginePair.Now.AddDays(-2), EnginePair.Now);
        IReadOnlyList<IReadOnlyCollection<int>> groups = [[1, 2], [2]];
        object[] answers =
        [
            await quality.ReadAsync(1, from, to, default),
            await quality.HoldingsAsync(1, default),
            await quality.DuplicatesAsync(1, from, to, default),
            await overview.NowAsync([1, 2], default),
            await overview.TodayAsync(groups, Zone, default),
            await overview.YesterdayAsync(groups, Zone, default),
            (await overview.PeaksAsync(groups, Zone, default)).Select(peak => peak?.ToString()),
        ];
        // When a row came in differs between two writes.
        return JsonSerializer.Serialize(answers.Select((answer, index) => index == 0 ? (DataQuality)answer with { LongestDelay = null } : answer));
    }

    /// <summary>Two days by five minutes up to now, with a gap of two hours, and another meter by ten.</summary>
    private static IEnumerable<TestRow> Rows()
    {
        for (var minute = 0; minute < 2 * 24 * 60; minute += 5)
        {
            var time = EnginePair.Now.AddMinutes(-minute);
            if (minute is < 600 or > 720) yield return TestRow.Of(1, time, 5 + (minute % 60), 9_000 - (minute / 10.0));
            if (minute % 10 == 0) yield return TestRow.Of(2, time, 12, 70_000 - (minute / 5.0));
        }
    }
}
