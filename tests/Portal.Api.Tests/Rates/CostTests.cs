using System.Globalization;
using System.Net;
using Portal.Contracts.Overview;
using Portal.Contracts.Rates;
using Portal.Contracts.Sites;
using Portal.Testing;

namespace Portal.Api.Tests.Rates;

public sealed class CostTests(ApiHost api) : IClassFixture<ApiHost>
{
    private const string July = "from=2025-07-01&to=2025-08-01";

    private static readonly DateTimeOffset Start = new(2025, 6, 30, 23, 0, 0, TimeSpan.FromHours(2));

    [PostgresFact]
    public async Task A_month_costs_its_register_difference_times_the_price_and_the_vat_to_the_cent()
    {
        using var admin = await api.AdminAsync();
        var (site, tariff) = await SiteAsync(admin, RateTests.Text(RateTests.NewTown(), "2024-07-01", "2.2653"), kw: 4.1);
        using var viewer = await api.ViewerAsync();

        var bill = await BillAsync(viewer, $"siteId={site.Id}&{July}");

        var line = Assert.Single(bill.Lines);
        Assert.Equal((3050.4m, "kWh", 2.2653m, 6910.07112m, "energy"), (line.Quantity, line.Unit, line.Price, line.Amount, line.Kind)); // 744 h at 4.1 kW
        Assert.Equal((6910.07112m, 7946.58m, "ZAR", "Africa/Johannesburg"), (bill.Subtotal, bill.Total, bill.Currency, bill.TimeZone)); // · 1.15 = 7946.581788
        Assert.Equal((true, false), (bill.Complete, bill.Estimated));
        Assert.Equal(new DateTimeOffset(2025, 7, 1, 0, 0, 0, TimeSpan.FromHours(2)), bill.From);
        Assert.Equal(TimeSpan.FromHours(2), bill.From.Offset);
        Assert.Equal((await RateTests.TariffAsync(admin, tariff)).Versions[0].Id, line.VersionId);
    }

    [PostgresFact]
    public async Task A_line_is_explained_by_half_hours_that_add_up_to_it_with_rule_and_version()
    {
        using var admin = await api.AdminAsync();
        var (site, _) = await SiteAsync(admin, Shipped("eskom-miniflex-2025"), kw: 2);
        var query = $"siteId={site.Id}&{July}";
        var bill = await BillAsync(admin, query);
        var peak = bill.Lines.Single(line => line is { Component: "Active energy", Band: "peak" });
        Assert.Equal((23 * 5 * 2m, "high"), (peak.Quantity, peak.Season)); // 23 weekdays, five peak hours

        var explained = await (await admin.GetAsync($"/api/costs/line?{query}&line={Uri.EscapeDataString(peak.Id)}")).ReadAsync<BillLineAnswer>();
        Assert.Equal(peak, explained.Line);
        Assert.Equal(peak.Quantity, explained.Intervals.Sum(interval => interval.Value));
        Assert.Equal(23 * 10, explained.Intervals.Count);
        Assert.All(explained.Intervals, interval => Assert.True(interval.From.Hour is 6 or 7 or 17 or 18 or 19));
        Assert.Contains("difference of the registers", explained.Rule, StringComparison.Ordinal);
        Assert.Equal(("Eskom 2025", new DateOnly(2025, 4, 1)), (explained.Clock, explained.ClockFrom));
        Assert.Equal(BillItemsSum(bill), bill.Subtotal);

        using var other = await admin.GetAsync($"/api/costs/line?{query}&line=nothing");
        await other.ProblemAsync(HttpStatusCode.NotFound, "not-found");
        using var none = await admin.GetAsync($"/api/costs/line?{query}");
        await none.InvalidAsync("line");

        static decimal BillItemsSum(BillAnswer bill) => bill.Lines.Sum(line => line.Amount ?? 0);
    }

    [PostgresFact]
    public async Task Demand_in_kva_takes_reactive_registers_and_names_the_half_hour()
    {
        using var admin = await api.AdminAsync();
        var text = RateTests.Text(RateTests.NewTown(), "2024-07-01", "1").Replace(
            "price: 1", "price: 1\n      - {kind: demand, name: Demand, unit: kva, price: 100}", StringComparison.Ordinal);
        var (site, _) = await SiteAsync(admin, text, kw: 3, kvar: 4, surge: new DateTimeOffset(2025, 7, 10, 14, 30, 0, TimeSpan.FromHours(2)));

        var query = $"siteId={site.Id}&{July}";
        var bill = await BillAsync(admin, query);
        var demand = bill.Lines.Single(line => line.Kind == "demand");
        Assert.Equal((10m, "kVA", 1000m), (demand.Quantity, demand.Unit, demand.Amount)); // twice 3 kW and 4 kvar in that half-hour
        var explained = await (await admin.GetAsync($"/api/costs/line?{query}&line={Uri.EscapeDataString(demand.Id)}")).ReadAsync<BillLineAnswer>();
        var decides = Assert.Single(explained.Intervals, interval => interval.Decides);
        Assert.Equal((new DateTimeOffset(2025, 7, 10, 14, 30, 0, TimeSpan.FromHours(2)), 10m), (decides.From, decides.Value));
        Assert.Equal(31 * 48, explained.Intervals.Count);
    }

    [PostgresFact]
    public async Task The_same_history_under_another_tariff_costs_what_that_one_says()
    {
        using var admin = await api.AdminAsync();
        var (site, _) = await SiteAsync(admin, RateTests.Text(RateTests.NewTown(), "2024-07-01", "2"), kw: 1);
        var other = (await RateTests.ImportAsync(admin, RateTests.Text(RateTests.NewTown(), "2024-07-01", "3"))).TariffId!;
        var draft = await WhatIfAsync(other);
        Assert.Equal((null, "no-version"), (draft.Difference, Assert.Single(draft.Other.Uncovered).Reason)); // a draft makes no bill

        await RateTests.ApproveAsync(admin, other, (await RateTests.TariffAsync(admin, other)).Versions[0].Id);
        var answer = await WhatIfAsync(other);
        Assert.Equal((1711.20m, 2566.80m, 855.60m), (answer.Actual.Total, answer.Other.Total, answer.Difference!.Value)); // 744 kWh at 2 and 3, with 15 %

        using var unknown = await admin.GetAsync($"/api/costs/what-if?siteId={site.Id}&{July}&tariffId={Guid.NewGuid()}");
        await unknown.InvalidAsync("tariffId");

        async Task<WhatIfAnswer> WhatIfAsync(string tariff) =>
            await (await admin.GetAsync($"/api/costs/what-if?siteId={site.Id}&{July}&tariffId={tariff}")).ReadAsync<WhatIfAnswer>();
    }

    [PostgresFact]
    public async Task A_withdrawn_price_makes_no_bill_and_time_without_a_tariff_is_named()
    {
        using var admin = await api.AdminAsync();
        var (site, tariff) = await SiteAsync(admin, RateTests.Text(RateTests.NewTown(), "2024-07-01", "2"), kw: 1, assigned: "2025-07-11");
        var bill = await BillAsync(admin, $"siteId={site.Id}&{July}");
        Assert.Equal((21 * 24m, false), (bill.Lines[0].Quantity, bill.Complete));
        var uncovered = Assert.Single(bill.Uncovered);
        Assert.Equal((1, 11, "no-tariff"), (uncovered.From.Day, uncovered.To.Day, uncovered.Reason));

        var version = (await RateTests.TariffAsync(admin, tariff)).Versions[0].Id;
        (await admin.PostAsync($"/api/rates/tariffs/{tariff}/versions/{version}/withdraw", null)).EnsureSuccessStatusCode();
        var without = await BillAsync(admin, $"siteId={site.Id}&{July}");
        Assert.Equal((0m, null), (without.Total, without.Currency));
    }

    [PostgresFact]
    public async Task Each_month_of_a_period_costs_what_its_own_bill_says_split_by_band()
    {
        using var admin = await api.AdminAsync();
        var (site, _) = await SiteAsync(admin, Shipped("eskom-miniflex-2025"), kw: 2);
        using var viewer = await api.ViewerAsync();
        var july = await BillAsync(viewer, $"siteId={site.Id}&{July}");

        var answer = await (await viewer.GetAsync($"/api/costs/months?siteId={site.Id}&from=2024-09-01&to=2025-08-10T12:00")).ReadAsync<CostMonthsAnswer>();

        Assert.Equal((12, "Africa/Johannesburg"), (answer.Months.Count, answer.TimeZone));
        Assert.Equal(Enumerable.Range(0, 12).Select(new DateOnly(2024, 9, 1).AddMonths), answer.Months.Select(month => month.Month));
        var (month, first, last) = (answer.Months[10], answer.Months[0], answer.Months[11]);
        Assert.Equal((july.From, july.To, july.Total, july.Complete, july.Estimated), (month.From, month.To, month.Total, month.Complete, month.Estimated));
        Assert.Equal(july.Lines.Where(line => line is { Kind: "energy", Band: not null }).Select(line => line.Band).Distinct(), month.Bands.Select(band => band.Band));
        Assert.Equal(23 * 5 * 2m, month.Bands.Single(band => band.Band == "peak").EnergyKwh); // 23 weekdays, five peak hours
        Assert.Equal(july.Subtotal, month.Bands.Sum(band => band.Amount) + month.Other);
        Assert.Equal((null, 0m), (first.Currency, first.Total)); // before the tariff was assigned
        Assert.Equal((new DateTimeOffset(2025, 8, 10, 12, 0, 0, TimeSpan.FromHours(2)), false), (last.To, last.Complete));
    }

    [PostgresFact]
    public async Task A_bill_as_csv_has_its_lines_and_ends_with_the_total()
    {
        using var admin = await api.AdminAsync();
        var (site, _) = await SiteAsync(admin, RateTests.Text("\"=SUM(A1), " + RateTests.NewTown() + "\"", "2024-07-01", "2"), kw: 1);
        using var answer = await admin.GetAsync($"/api/costs/csv?siteId={site.Id}&{July}");
        Assert.Equal("text/csv", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal("bill-2025-07-01.csv", answer.Content.Headers.ContentDisposition?.FileName);
        var lines = (await answer.Content.ReadAsStringAsync()).Split("\r\n");
        Assert.StartsWith("\"'=SUM(A1), Town", lines[1], StringComparison.Ordinal); // no formula for a spreadsheet
        Assert.Contains(",2025-07-01 00:00:00,+02:00,2025-08-01 00:00:00,+02:00,", lines[1], StringComparison.Ordinal);
        Assert.Contains(",744,kWh,2,1,1488,ZAR,no,0", lines[1], StringComparison.Ordinal);
        Assert.Contains("total,", lines[^2], StringComparison.Ordinal);
        Assert.Contains(",1711.2,ZAR,no,", lines[^2], StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task A_bill_as_csv_says_the_offset_of_each_end_since_the_clocks_may_change_between_them()
    {
        using var admin = await api.AdminAsync();
        var site = await admin.NewSiteAsync("Europe/Berlin");
        await AssignAsync(admin, site, RateTests.Text(RateTests.NewTown(), "2024-07-01", "2"), "2025-01-01");
        using var answer = await admin.GetAsync($"/api/costs/csv?siteId={site.Id}&from=2025-03-01&to=2025-04-01");
        var lines = (await answer.Content.ReadAsStringAsync()).Split("\r\n");
        Assert.StartsWith("tariff,version,component,from,from UTC offset,to,to UTC offset,season,", lines[0], StringComparison.Ordinal);
        Assert.StartsWith(",,total,2025-03-01 00:00:00,+01:00,2025-04-01 00:00:00,+02:00,", lines[^2], StringComparison.Ordinal);
        Assert.All(lines[..^1], line => Assert.Equal(lines[0].Count(letter => letter == ','), line.Count(letter => letter == ',')));
    }

    [PostgresFact]
    public async Task The_start_page_says_what_the_month_has_cost_so_far()
    {
        await using var own = new ApiHost();
        await own.InitializeAsync();
        var now = own.Clock.GetUtcNow();
        var month = new DateTimeOffset(now.Year, now.Month, 1, 0, 0, 0, TimeSpan.Zero).AddMonths(1);
        own.Clock.SetUtcNow(month.AddHours(12));
        using var admin = await own.AdminAsync();
        var site = await admin.NewSiteAsync("UTC");
        var device = await admin.NewDeviceAsync(site);
        await own.PostAsync(device.ExternalId, Enumerable.Range(0, 49).Select(i => (month.AddMinutes(i * 15), string.Create(CultureInfo.InvariantCulture, $"\"energyImportKwh\":{i}"))));
        await AssignAsync(admin, site, RateTests.Text(RateTests.NewTown(), "2024-07-01", "2"), "2025-01-01");

        var overview = await (await admin.GetAsync("/api/overview")).ReadAsync<OverviewAnswer>();

        var cost = Assert.Single(overview.Sites).Cost!;
        Assert.Equal(("ZAR", 110.40m), (cost.Currency, cost.Total)); // 48 kWh at 2, with 15 %
    }

    [PostgresTheory]
    [InlineData("from=2025-07-01&to=2025-08-01", "siteId")]
    [InlineData("siteId={0}&from=2025-07-01", "to")]
    [InlineData("siteId={0}&from=2025-07-02&to=2025-07-01", "to")]
    [InlineData("siteId={0}&from=2024-01-01&to=2025-07-01", "to")]
    public async Task A_bad_query_names_the_field(string query, string field)
    {
        using var admin = await api.AdminAsync();
        var site = await admin.NewSiteAsync("Africa/Johannesburg");
        foreach (var path in (string[])["/api/costs", "/api/costs/csv", "/api/costs/months"])
        {
            using var answer = await admin.GetAsync($"{path}?{string.Format(CultureInfo.InvariantCulture, query, site.Id)}");
            await answer.InvalidAsync(field);
        }

        using var unknown = await admin.GetAsync($"/api/costs?siteId={Guid.NewGuid()}&{July}");
        await unknown.ProblemAsync(HttpStatusCode.NotFound, "not-found");
    }

    [PostgresFact]
    public async Task Two_currencies_make_two_bills()
    {
        using var admin = await api.AdminAsync();
        var town = RateTests.NewTown();
        var (site, tariff) = await SiteAsync(admin, RateTests.Text(town, "2024-07-01", "2"), kw: 1);
        await RateTests.ImportAsync(admin, RateTests.Text(town, "2025-07-15", "2").Replace("ZAR", "EUR", StringComparison.Ordinal));
        await RateTests.ApproveAsync(admin, tariff, (await RateTests.TariffAsync(admin, tariff)).Versions[1].Id);
        using var answer = await admin.GetAsync($"/api/costs?siteId={site.Id}&{July}");
        await answer.InvalidAsync("to");
    }

    private static string Shipped(string key) => Portal.Api.Rates.ShippedTariffs.Texts[key];

    private static async Task<BillAnswer> BillAsync(HttpClient client, string query) => await (await client.GetAsync($"/api/costs?{query}")).ReadAsync<BillAnswer>();

    // A site with one meter of a constant load from an hour before July to an hour after it, and an approved tariff.
    private async Task<(SiteItem Site, string Tariff)> SiteAsync(
        HttpClient admin, string text, double kw, double? kvar = null, DateTimeOffset? surge = null, string assigned = "2025-01-01")
    {
        var site = await admin.NewSiteAsync("Africa/Johannesburg");
        var device = await admin.NewDeviceAsync(site);
        var rows = new List<(DateTimeOffset, string)>();
        var (kwh, kvarh) = (1_000.0, 500.0);
        for (var at = Start; at <= Start.AddDays(31).AddHours(2); at = at.AddMinutes(15))
        {
            var reactive = kvar is null ? "" : string.Create(CultureInfo.InvariantCulture, $",\"reactiveEnergyImportKvarh\":{Math.Round(kvarh, 4)}");
            rows.Add((at, string.Create(CultureInfo.InvariantCulture, $"\"energyImportKwh\":{Math.Round(kwh, 4)}{reactive}")));
            var factor = surge is { } peak && at >= peak && at < peak.AddMinutes(30) ? 2 : 1;
            kwh += kw / 4 * factor;
            kvarh += (kvar ?? 0) / 4 * factor;
        }

        await api.PostAsync(device.ExternalId, rows);
        return (site, await AssignAsync(admin, site, text, assigned));
    }

    private static async Task<string> AssignAsync(HttpClient admin, SiteItem site, string text, string from)
    {
        var tariff = (await RateTests.ImportAsync(admin, text)).TariffId!;
        foreach (var version in (await RateTests.TariffAsync(admin, tariff)).Versions.Where(version => version.State == "draft"))
            await RateTests.ApproveAsync(admin, tariff, version.Id);
        (await RateTests.AssignAsync(admin, site.Id, tariff, from)).EnsureSuccessStatusCode();
        return tariff;
    }
}
