using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Portal.Contracts.Measurements;
using Portal.Data.Measurements;
using Portal.Testing;

namespace Portal.Api.Tests;

public sealed class QualityTests(ApiHost api) : IClassFixture<ApiHost>
{
    [PostgresFact]
    public async Task A_pause_beyond_the_pace_is_a_gap_and_one_that_began_before_the_range_counts_from_its_last_row()
    {
        using var admin = await api.AdminAsync();
        var device = await admin.NewDeviceAsync(await admin.NewSiteAsync("Africa/Johannesburg"));
        var start = Hour(-6);
        await api.PostAsync(device.ExternalId, Minutes(0, 60).Concat(Minutes(90, 120)).Concat(Minutes(121, 130)).Select(minute => (start.AddMinutes(minute), $"\"activePowerKw\":{minute}")));

        var all = await QualityAsync(admin, device.Id, start, start.AddMinutes(130));
        Assert.Equal((60, 99, 1), (all.PaceSeconds, all.Rows, all.Gaps));
        var gap = Assert.Single(all.NewestGaps);
        Assert.Equal((start.AddMinutes(59), start.AddMinutes(90)), (gap.From, gap.To));
        Assert.Equal(31 * 60, all.MissingSeconds);

        var later = await QualityAsync(admin, device.Id, start.AddMinutes(80), start.AddMinutes(130));
        Assert.Equal((39, 1), (later.Rows, later.Gaps));
        Assert.Equal(start.AddMinutes(59), later.NewestGaps[0].From);
    }

    [PostgresFact]
    public async Task Silence_up_to_now_is_a_gap_that_goes_on()
    {
        using var admin = await api.AdminAsync();
        var device = await admin.NewDeviceAsync(await admin.NewSiteAsync("Africa/Johannesburg"));
        var start = Hour(-6);
        await api.PostAsync(device.ExternalId, Minutes(0, 30).Select(minute => (start.AddMinutes(minute), $"\"activePowerKw\":{minute}")));

        var answer = await QualityAsync(admin, device.Id, start, start.AddDays(2));

        Assert.Equal((start.AddMinutes(29), null), (Assert.Single(answer.NewestGaps).From, answer.NewestGaps[0].To));
        Assert.InRange(answer.MissingSeconds, 5 * 3600, 7 * 3600);
    }

    [PostgresFact]
    public async Task Rows_that_were_posted_again_are_counted_by_their_day()
    {
        using var admin = await api.AdminAsync();
        var device = await admin.NewDeviceAsync(await admin.NewSiteAsync("UTC"));
        var start = Hour(-30);
        var rows = Minutes(0, 10).Select(minute => (start.AddMinutes(minute), $"\"activePowerKw\":{minute}")).ToList();
        await api.PostAsync(device.ExternalId, rows);
        await api.PostAsync(device.ExternalId, rows);
        await api.PostAsync(device.ExternalId, rows.Take(4).Append((start.AddMinutes(20), "\"activePowerKw\":1")));
        var counter = api.Services.GetRequiredService<DuplicateCounter>();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => counter.WriteAsync(new CancellationToken(canceled: true))); // a stop loses nothing
        await counter.WriteAsync(CancellationToken.None);

        Assert.Equal(14, (await QualityAsync(admin, device.Id, start, start.AddHours(1))).DuplicateRows);
        Assert.Equal(0, (await QualityAsync(admin, device.Id, start.AddDays(-3), start.AddDays(-2))).DuplicateRows);
    }

    [PostgresFact]
    public async Task Late_is_what_came_in_after_newer_rows_and_a_device_without_rows_has_no_gaps()
    {
        using var admin = await api.AdminAsync();
        var site = await admin.NewSiteAsync("Africa/Johannesburg");
        var device = await admin.NewDeviceAsync(site);
        var start = Hour(-3);
        await api.PostAsync(device.ExternalId, Minutes(10, 20).Select(minute => (start.AddMinutes(minute), $"\"activePowerKw\":{minute}")));
        api.Clock.Advance(TimeSpan.FromSeconds(1));
        await api.PostAsync(device.ExternalId, Minutes(0, 10).Select(minute => (start.AddMinutes(minute), $"\"activePowerKw\":{minute}")));

        var answer = await QualityAsync(admin, device.Id, start, start.AddMinutes(20));
        Assert.Equal((20, 10, 0), (answer.Rows, answer.LateRows, answer.Gaps));
        Assert.True(answer.LongestDelaySeconds > 2 * 3600);

        var silent = await admin.NewDeviceAsync(site);
        var nothing = await QualityAsync(admin, silent.Id, start, start.AddMinutes(20));
        Assert.Equal((0, null, 0, null), (nothing.Rows, nothing.PaceSeconds, nothing.Gaps, nothing.LongestDelaySeconds));
    }

    [PostgresFact]
    public async Task What_deleting_would_lose_is_counted_with_its_first_and_last_time()
    {
        using var admin = await api.AdminAsync();
        var device = await admin.NewDeviceAsync(await admin.NewSiteAsync("Africa/Johannesburg"));
        Assert.Equal(new HoldingsAnswer(0, null, null), await HoldingsAsync(admin, device.Id));
        var start = Hour(-5);
        await api.PostAsync(device.ExternalId, Minutes(0, 90).Select(minute => (start.AddMinutes(minute), $"\"activePowerKw\":{minute}")));

        Assert.Equal(new HoldingsAnswer(90, start, start.AddMinutes(89)), await HoldingsAsync(admin, device.Id));
    }

    [PostgresFact]
    public async Task A_range_that_is_too_long_or_not_there_yet_is_refused_and_says_why()
    {
        using var admin = await api.AdminAsync();
        var device = await admin.NewDeviceAsync(await admin.NewSiteAsync("Africa/Johannesburg"));
        await (await admin.GetAsync(Path(device.Id, Hour(-24 * 36), Hour(0)))).InvalidAsync("from");
        await (await admin.GetAsync(Path(device.Id, Hour(24), Hour(25)))).InvalidAsync("from");
    }

    private DateTimeOffset Hour(int hours)
    {
        var now = api.Clock.GetUtcNow();
        return new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, 0, 0, TimeSpan.Zero).AddHours(hours);
    }

    private static IEnumerable<int> Minutes(int from, int to) => Enumerable.Range(from, to - from);

    private static string Path(string id, DateTimeOffset from, DateTimeOffset to) =>
        string.Create(CultureInfo.InvariantCulture, $"/api/devices/{id}/quality?from={Meters.Query(from)}&to={Meters.Query(to)}");

    private static async Task<QualityAnswer> QualityAsync(HttpClient client, string id, DateTimeOffset from, DateTimeOffset to) =>
        await (await client.GetAsync(Path(id, from, to))).ReadAsync<QualityAnswer>();

    private static async Task<HoldingsAnswer> HoldingsAsync(HttpClient client, string id) =>
        await (await client.GetAsync($"/api/devices/{id}/holdings")).ReadAsync<HoldingsAnswer>();
}
