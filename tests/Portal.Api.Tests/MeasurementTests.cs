using System.Net;
using System.Text.Json;
using Portal.Contracts.Measurements;
using Portal.Testing;

namespace Portal.Api.Tests;

public sealed class MeasurementTests(ApiHost api) : IClassFixture<ApiHost>
{
    [PostgresFact]
    public async Task Rows_come_newest_first_with_their_known_values_alone()
    {
        using var admin = await api.AdminAsync();
        var device = await admin.NewDeviceAsync(await admin.NewSiteAsync("Europe/Berlin"));
        var time = api.Clock.GetUtcNow().AddHours(-1);
        await api.PostAsync(device.ExternalId, (time, "\"activePowerKw\":12.34,\"energyImportKwh\":45678.9"), (time.AddMinutes(1), "\"loadType\":\"L\""));

        using var viewer = await api.ViewerAsync();
        var answer = await (await viewer.GetAsync($"/api/devices/{device.Id}/measurements")).JsonAsync();
        Assert.Equal(JsonValueKind.Null, answer.GetProperty("next").ValueKind);
        var rows = answer.GetProperty("measurements").EnumerateArray().ToList();
        Assert.Equal(["time", "receivedAt", "loadType"], rows[0].EnumerateObject().Select(value => value.Name));
        Assert.Equal("L", rows[0].GetProperty("loadType").GetString());
        // As the meter printed it, not as single precision widens it.
        Assert.Equal("12.34", rows[1].GetProperty("activePowerKw").GetRawText());
        Assert.Equal("45678.9", rows[1].GetProperty("energyImportKwh").GetRawText());
        Assert.InRange(rows[1].GetProperty("time").GetDateTimeOffset(), time.AddMilliseconds(-1), time);
    }

    [PostgresFact]
    public async Task Pages_neither_repeat_nor_skip_a_row_while_newer_and_older_ones_come_in()
    {
        using var admin = await api.AdminAsync();
        var device = await admin.NewDeviceAsync(await admin.NewSiteAsync("Europe/Berlin"));
        var start = api.Clock.GetUtcNow().AddHours(-2);
        await api.PostAsync(device.ExternalId, Enumerable.Range(0, 25).Select(i => (start.AddMinutes(i), $"\"activePowerKw\":{i}")));

        var seen = new List<double>();
        string? cursor = null;
        var round = 0;
        do
        {
            var page = await (await admin.GetAsync($"/api/devices/{device.Id}/measurements?limit=10&cursor={cursor}")).ReadAsync<MeasurementPage>();
            Assert.True(page.Measurements.Count <= 10);
            Assert.NotEmpty(page.Measurements);
            seen.AddRange(page.Measurements.Select(row => ((JsonElement)row.Values["activePowerKw"]).GetDouble()));
            Assert.True(seen.Count < 200, "The pages never end.");
            cursor = page.Next;
            round++;
            await api.PostAsync(device.ExternalId, (start.AddMinutes(30 + round), "\"activePowerKw\":99"), (start.AddMinutes(-round), "\"activePowerKw\":-1"));
        } while (cursor is not null);

        Assert.Equal(Enumerable.Range(0, 25).Select(i => (double)(24 - i)), seen.Where(value => value >= 0));
        Assert.DoesNotContain(99, seen);
    }

    [PostgresFact]
    public async Task The_range_is_half_open_and_taken_in_every_form()
    {
        using var admin = await api.AdminAsync();
        var device = await admin.NewDeviceAsync(await admin.NewSiteAsync("Europe/Berlin"));
        var noon = new DateTimeOffset(2026, 7, 1, 12, 0, 0, TimeSpan.FromHours(2));
        await api.PostAsync(device.ExternalId, Enumerable.Range(-1, 4).Select(i => (noon.AddHours(i), $"\"activePowerKw\":{i}")));

        foreach (var (from, to) in ((string, string)[])
                 [
                     ("2026-07-01T12:00:00", "2026-07-01T14:00:00"), // the site's clock
                     ("2026-07-01T10:00:00Z", "2026-07-01T12:00:00Z"),
                     ("2026-07-01T12:00:00%2B02:00", "2026-07-01T14:00:00+02:00"),
                     (noon.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture), "2026-07-01T12:00:00Z"),
                 ])
        {
            var page = await (await admin.GetAsync($"/api/devices/{device.Id}/measurements?from={from}&to={to}")).ReadAsync<MeasurementPage>();
            Assert.Equal([1.0, 0.0], page.Measurements.Select(row => ((JsonElement)row.Values["activePowerKw"]).GetDouble()));
        }
    }

    [PostgresFact]
    public async Task A_page_has_a_hundred_rows_where_none_is_asked_for_and_a_thousand_at_most()
    {
        using var admin = await api.AdminAsync();
        var device = await admin.NewDeviceAsync(await admin.NewSiteAsync("Europe/Berlin"));
        var start = api.Clock.GetUtcNow().AddDays(-1);
        await api.PostAsync(device.ExternalId, Enumerable.Range(0, 1_100).Select(i => (start.AddMinutes(i), "\"activePowerKw\":1")));

        Assert.Equal(100, await CountAsync(""));
        Assert.Equal(1_000, await CountAsync("?limit=1000"));
        Assert.Equal(1_000, await CountAsync("?limit=5000"));

        async Task<int> CountAsync(string query) =>
            (await (await admin.GetAsync($"/api/devices/{device.Id}/measurements{query}")).ReadAsync<MeasurementPage>()).Measurements.Count;
    }

    [PostgresTheory]
    [InlineData("from=yesterday", "from")]
    [InlineData("to=1e9999", "to")]
    [InlineData("from=2026-07-02&to=2026-07-01", "to")]
    [InlineData("limit=0", "limit")]
    [InlineData("cursor=zzz", "cursor")]
    [InlineData("cursor=WyIxZTk5Il0", "cursor")] // ["1e99"]
    public async Task A_bad_query_names_the_field(string query, string field)
    {
        using var admin = await api.AdminAsync();
        var device = await admin.NewDeviceAsync(await admin.NewSiteAsync("Europe/Berlin"));
        using var answer = await admin.GetAsync($"/api/devices/{device.Id}/measurements?{query}");
        await answer.InvalidAsync(field);
    }

    [PostgresFact]
    public async Task A_device_that_does_not_exist_is_not_an_empty_list()
    {
        using var admin = await api.AdminAsync();
        foreach (var path in (string[])["/api/devices/2147483647/measurements", "/api/devices/2147483647/series?from=0&to=1", "/api/devices/99999999999/measurements"])
        {
            using var answer = await admin.GetAsync(path);
            await answer.ProblemAsync(HttpStatusCode.NotFound, "not-found");
        }
    }
}
