using System.Buffers.Binary;
using System.Net;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Portal.Testing;

namespace Portal.Api.Tests;

public sealed class ChartTests(ApiHost api) : IClassFixture<ApiHost>
{
    private static readonly DateTimeOffset Noon = new(2026, 7, 1, 10, 0, 0, TimeSpan.Zero);

    [PostgresFact]
    public async Task Few_rows_come_as_they_were_measured_with_their_gaps_marked()
    {
        using var admin = await api.AdminAsync();
        var device = await admin.NewDeviceAsync(await admin.NewSiteAsync("Europe/Berlin"));
        await api.PostAsync(device.ExternalId, Minutes(0, 1, 2, 30, 31).Select(time => (time, $"\"activePowerKw\":{(time - Noon).TotalMinutes + 0.5}")));

        var chart = await Chart.GetAsync(admin, $"/api/charts/devices/{device.Id}?from=2026-07-01T12:00&to=2026-07-01T13:00");

        Assert.Equal(("raw", 0.0, "Europe/Berlin"), ((string)chart.Header["method"]!, (double)chart.Header["stepSeconds"]!, (string)chart.Header["timeZone"]!));
        Assert.Equal(("activePowerKw", "kW", "value"), ((string)chart.Header["columns"]![1]!["name"]!, (string)chart.Header["columns"]![1]!["unit"]!, (string)chart.Header["columns"]![1]!["part"]!));
        Assert.Equal(Minutes(0, 1, 2, 16, 30, 31).Select(time => (double)time.ToUnixTimeSeconds()), chart.Columns[0]);
        Assert.Equal([0.5, 1.5, 2.5, double.NaN, 30.5, 31.5], chart.Columns[1]);
    }

    [PostgresFact]
    public async Task Many_rows_become_mean_lowest_and_highest_of_steps_so_that_no_peak_is_lost()
    {
        using var admin = await api.AdminAsync();
        var device = await admin.NewDeviceAsync(await admin.NewSiteAsync("Europe/Berlin"));
        await api.PostAsync(device.ExternalId, Minutes([.. Enumerable.Range(0, 60)]).Select((time, i) => (time, $"\"activePowerKw\":{(i == 17 ? 90 : 10)}")));

        var chart = await Chart.GetAsync(admin, $"/api/charts/devices/{device.Id}?from=2026-07-01T12:00&to=2026-07-01T13:00&points=20");

        Assert.Equal(("samples", 300.0), ((string)chart.Header["method"]!, (double)chart.Header["stepSeconds"]!));
        Assert.Equal(12, chart.Columns[0].Length);
        Assert.Equal(["start", "mean", "min", "max"], chart.Header["columns"]!.AsArray().Select(column => (string)column!["part"]!));
        Assert.Equal((26.0, 10.0, 90.0), (chart.Columns[1][3], chart.Columns[2][3], chart.Columns[3][3]));
    }

    [PostgresFact]
    public async Task A_long_range_of_power_comes_from_the_roll_ups_by_the_sites_days()
    {
        using var admin = await api.AdminAsync();
        var device = await admin.NewDeviceAsync(await admin.NewSiteAsync("Asia/Kathmandu")); // +05:45
        await api.PostAsync(device.ExternalId, Enumerable.Range(0, 96).Select(i => (Noon.AddHours(i), $"\"activePowerKw\":{i},\"energyImportKwh\":{1000 + i}")));

        var chart = await Chart.GetAsync(admin, $"/api/charts/devices/{device.Id}?from=2026-06-01&to=2026-08-01&points=61&registers=activePowerKw,energyImportKwh");

        Assert.Equal(("roll-ups", 86400.0), ((string)chart.Header["method"]!, (double)chart.Header["stepSeconds"]!));
        var start = new DateTimeOffset(2026, 7, 1, 0, 0, 0, new TimeSpan(5, 45, 0));
        Assert.Equal(Enumerable.Range(0, 5).Select(day => (double)start.AddDays(day).ToUnixTimeSeconds()), chart.Columns[0]);
        // 15:45 on the first day: nine hours of it.
        Assert.Equal((4.0, 0.0, 8.0, 1008.0), (chart.Columns[1][0], chart.Columns[2][0], chart.Columns[3][0], chart.Columns[4][0]));
    }

    [PostgresFact]
    public async Task A_sites_power_is_the_sum_of_its_mains_and_flags_where_one_is_missing()
    {
        using var admin = await api.AdminAsync();
        var site = await admin.NewSiteAsync("Europe/Berlin");
        var (first, second) = (await admin.NewDeviceAsync(site), await admin.NewDeviceAsync(site));
        var sub = await admin.NewDeviceAsync(site, "sub");
        await api.PostAsync(first.ExternalId, Minutes(0, 5, 10, 15).Select(time => (time, "\"activePowerKw\":7")));
        await api.PostAsync(second.ExternalId, Minutes(0, 5).Select(time => (time, "\"activePowerKw\":2")));
        await api.PostAsync(sub.ExternalId, Minutes(0, 5).Select(time => (time, "\"activePowerKw\":100")));

        var chart = await Chart.GetAsync(admin, $"/api/charts/sites/{site.Id}?from=2026-07-01T12:00&to=2026-07-01T13:00");

        Assert.Equal([9.0, 7.0], chart.Columns[1]);
        Assert.Equal([0.0, 1.0], chart.Columns[2]);
    }

    [PostgresFact]
    public async Task Energy_says_which_intervals_are_estimates_and_which_are_not_known()
    {
        using var admin = await api.AdminAsync();
        var device = await admin.NewDeviceAsync(await admin.NewSiteAsync("Europe/Berlin"));
        await api.PostAsync(device.ExternalId, (Noon, "\"energyImportKwh\":100"), (Noon.AddHours(1), "\"energyImportKwh\":104"), (Noon.AddHours(3), "\"energyImportKwh\":112"));

        var chart = await Chart.GetAsync(admin, $"/api/charts/energy?deviceId={device.Id}&from=2026-07-01T12:00&to=2026-07-01T16:00&interval=hour");

        Assert.Equal("hour", (string)chart.Header["method"]!);
        Assert.Equal([4, 4, 4, double.NaN], chart.Columns[1]);
        Assert.Equal([0, 1, 1, 0], chart.Columns[3]);
    }

    [PostgresFact]
    public async Task The_same_question_is_answered_not_modified()
    {
        using var admin = await api.AdminAsync();
        var device = await admin.NewDeviceAsync(await admin.NewSiteAsync("Europe/Berlin"));
        var path = $"/api/charts/devices/{device.Id}?from=2026-07-01&to=2026-07-02";
        using var first = await admin.GetAsync(path);
        Assert.Equal("private, max-age=60", first.Headers.CacheControl!.ToString().Replace("max-age=60, private", "private, max-age=60", StringComparison.Ordinal));
        using var again = new HttpRequestMessage(HttpMethod.Get, path);
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);

        using var answer = await admin.SendAsync(again);

        Assert.Equal(HttpStatusCode.NotModified, answer.StatusCode);
    }

    [PostgresTheory]
    [InlineData("devices", "to=2026-07-02", "from")]
    [InlineData("devices", "from=2026-07-01&to=2026-07-02&points=5", "points")]
    [InlineData("devices", "from=2026-07-01&to=2026-07-02&registers=loadType", "registers")]
    [InlineData("devices", "from=2024-07-01&to=2026-07-02&registers=voltage1V", "from")]
    [InlineData("sites", "from=1990-07-01&to=2026-07-02", "from")]
    public async Task A_bad_query_names_the_field(string kind, string query, string field)
    {
        using var admin = await api.AdminAsync();
        var site = await admin.NewSiteAsync("Europe/Berlin");
        var device = await admin.NewDeviceAsync(site);
        using var answer = await admin.GetAsync($"/api/charts/{kind}/{(kind == "sites" ? site.Id : device.Id)}?{query}");
        await answer.InvalidAsync(field);
    }

    private static IEnumerable<DateTimeOffset> Minutes(params int[] minutes) => minutes.Select(minute => Noon.AddMinutes(minute));

    private sealed record Chart(JsonNode Header, double[][] Columns)
    {
        public static async Task<Chart> GetAsync(HttpClient client, string path)
        {
            using var answer = await client.GetAsync(path);
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
            Assert.Equal("application/vnd.portal.chart", answer.Content.Headers.ContentType!.MediaType);
            var bytes = await answer.Content.ReadAsByteArrayAsync();
            Assert.Equal("PCH1"u8, bytes.AsSpan(0, 4));
            var length = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(4));
            Assert.Equal(0, length % 8);
            var header = JsonNode.Parse(bytes.AsSpan(8, length))!;
            var values = MemoryMarshal.Cast<byte, double>(bytes.AsSpan(8 + length));
            var rows = (int)header["rows"]!;
            Assert.Equal(rows * header["columns"]!.AsArray().Count, values.Length);
            return new Chart(header, [.. values.ToArray().Chunk(Math.Max(rows, 1))]);
        }
    }
}
