using System.Globalization;
using System.Net;
using Portal.Testing;

namespace Portal.Api.Tests;

/// <summary>What people take away for their spreadsheets.</summary>
public sealed class CsvTests(ApiHost api) : IClassFixture<ApiHost>
{
    private const string FirstOfJuly = "from=2026-07-01&to=2026-07-02";

    [PostgresFact]
    public async Task Measurements_come_oldest_first_by_the_sites_clock_with_a_column_for_each_quantity_that_is_there()
    {
        using var admin = await api.AdminAsync();
        var device = await admin.NewDeviceAsync(await admin.NewSiteAsync("Africa/Johannesburg"));
        var noon = new DateTimeOffset(2026, 7, 1, 10, 0, 0, TimeSpan.Zero);
        await api.PostAsync(
            device.ExternalId,
            (noon.AddMinutes(1), "\"energyImportKwh\":45678.9,\"loadType\":\"L\""), (noon, "\"activePowerKw\":12.34"), (noon.AddDays(1), "\"frequencyHz\":50"));

        using var viewer = await api.ViewerAsync();
        using var answer = await viewer.GetAsync($"/api/devices/{device.Id}/measurements/csv?{FirstOfJuly}");
        Assert.Equal(("text/csv", "measurements-2026-07-01.csv"), (answer.Content.Headers.ContentType!.MediaType, answer.Content.Headers.ContentDisposition!.FileName));
        var lines = (await answer.Content.ReadAsStringAsync()).Split("\r\n");
        Assert.Equal("time,UTC offset,received (UTC),activePowerKw (kW),energyImportKwh (kWh),loadType", lines[0]);
        Assert.StartsWith("2026-07-01 12:00:00,+02:00,", lines[1], StringComparison.Ordinal);
        Assert.EndsWith(",12.34,,", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("2026-07-01 12:01:00,+02:00,", lines[2], StringComparison.Ordinal);
        Assert.EndsWith(",,45678.9,L", lines[2], StringComparison.Ordinal);
        Assert.Equal(["", ""], [lines[3], string.Concat(lines[4..])]);
    }

    [PostgresFact]
    public async Task A_long_history_has_every_row_once()
    {
        using var admin = await api.AdminAsync();
        var device = await admin.NewDeviceAsync(await admin.NewSiteAsync("UTC"));
        var start = new DateTimeOffset(2026, 7, 1, 0, 0, 0, TimeSpan.Zero);
        await api.PostAsync(device.ExternalId, Enumerable.Range(0, 12_000).Select(i => (start.AddSeconds(i), string.Create(CultureInfo.InvariantCulture, $"\"energyImportKwh\":{i}"))));

        var lines = (await (await admin.GetAsync($"/api/devices/{device.Id}/measurements/csv?{FirstOfJuly}")).Content.ReadAsStringAsync()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(
            Enumerable.Range(0, 12_000).Select(i => i.ToString(CultureInfo.InvariantCulture)),
            lines[1..].Select(line => line.Split(',')[^1]));
    }

    [PostgresFact]
    public async Task Energy_is_the_same_as_everywhere_and_empty_where_it_is_not_known()
    {
        using var admin = await api.AdminAsync();
        var site = await admin.NewSiteAsync("Asia/Kolkata");
        var device = await admin.NewDeviceAsync(site);
        var ten = new DateTimeOffset(2026, 7, 1, 10, 0, 0, TimeSpan.FromHours(5.5));
        await api.PostAsync(device.ExternalId, Enumerable.Range(0, 61).Select(i => (ten.AddMinutes(i), string.Create(CultureInfo.InvariantCulture, $"\"energyImportKwh\":{100 + i * 0.25}"))));

        foreach (var source in (string[])[$"deviceId={device.Id}", $"siteId={site.Id}"])
        {
            using var answer = await admin.GetAsync($"/api/energy/csv?{source}&from=2026-07-01T09:20&to=2026-07-01T11:00&interval=hour");
            Assert.Equal("energy-hour-2026-07-01.csv", answer.Content.Headers.ContentDisposition!.FileName);
            Assert.Equal(
                ["from,UTC offset,import (kWh),export (kWh),estimated", "2026-07-01 09:00:00,+05:30,,,no", "2026-07-01 10:00:00,+05:30,15,,no", ""],
                (await answer.Content.ReadAsStringAsync()).Split("\r\n"));
        }
    }

    [PostgresFact]
    public async Task What_is_too_long_or_unknown_is_refused_before_anything_is_sent()
    {
        using var admin = await api.AdminAsync();
        var device = await admin.NewDeviceAsync(await admin.NewSiteAsync("UTC"));
        var problem = await (await admin.GetAsync($"/api/devices/{device.Id}/measurements/csv?from=2024-01-01&to=2026-01-01")).ProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        Assert.Contains("367 days", problem.GetRawText(), StringComparison.Ordinal);
        await (await admin.GetAsync($"/api/devices/{device.Id}/measurements/csv?from=2026-01-01")).ProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        Assert.Equal(HttpStatusCode.NotFound, (await admin.GetAsync($"/api/devices/999999/measurements/csv?{FirstOfJuly}")).StatusCode);
    }
}
