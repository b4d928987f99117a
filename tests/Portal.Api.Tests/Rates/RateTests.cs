using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Portal.Contracts;
using Portal.Contracts.Audit;
using Portal.Contracts.Rates;
using Portal.Testing;

namespace Portal.Api.Tests.Rates;

public sealed class RateTests(ApiHost api) : IClassFixture<ApiHost>
{
    private const string Flat = """
        municipality: {0}
        name: Flat
        versions:
          - from: {1}
            currency: ZAR
            vatPercent: 15
            source: Test, page 1
            components:
              - kind: energy
                name: Energy
                price: {2}
        """;

    [PostgresFact]
    public async Task A_file_becomes_drafts_and_importing_it_again_changes_nothing()
    {
        using var admin = await api.AdminAsync();
        var first = await ImportAsync(admin, TariffFileTests.Everything);
        Assert.Equal((1, 0, 0), (first.Created, first.Replaced, first.Unchanged));
        var again = await ImportAsync(admin, TariffFileTests.Everything);
        Assert.Equal((first.TariffId, 0, 0, 1), (again.TariffId, again.Created, again.Replaced, again.Unchanged));

        var detail = await TariffAsync(admin, first.TariffId!);
        var version = Assert.Single(detail.Versions);
        Assert.Equal(("draft", 15.5m, "Town clock", 10), (version.State, version.VatPercent, version.Clock, version.Components.Count));
        Assert.Equal(["energy", "blocks", "levy"], version.Components.Take(3).Select(component => component.Kind));
        Assert.Equal(1440, Assert.Single(detail.Clocks).Versions[0].Seasons[0].Days[0].Windows.Sum(window => window.To - window.From));
        foreach (var format in (string[])["yaml", "json"])
        {
            var file = await (await admin.GetAsync($"/api/rates/tariffs/{first.TariffId}/file?format={format}")).Content.ReadAsStringAsync();
            var exported = await ImportAsync(admin, file);
            Assert.Equal((0, 0, 1), (exported.Created, exported.Replaced, exported.Unchanged));
        }

        var changed = await ImportAsync(admin, TariffFileTests.Everything.Replace("6.10", "6.11", StringComparison.Ordinal));
        Assert.Equal((0, 1, 0), (changed.Created, changed.Replaced, changed.Unchanged));
    }

    [PostgresFact]
    public async Task A_check_says_what_would_happen_and_stores_nothing()
    {
        using var admin = await api.AdminAsync();
        var town = NewTown();
        using var answer = await PostFileAsync(admin, Text(town, "2025-07-01", "2"), "?check=true");
        var result = await answer.ReadAsync<TariffImported>();
        Assert.Equal((null, 1), (result.TariffId, result.Created));
        Assert.DoesNotContain((await TariffsAsync(admin)).Items, tariff => tariff.Municipality == town);
    }

    [PostgresFact]
    public async Task A_bad_file_is_refused_with_every_error_at_its_line()
    {
        const string text = """
            municipality: Town
            name: Bad
            clocks:
              - name: Bad clock
                versions:
                  - from: 2020-01-01
                    bands: [peak, off-peak]
                    seasons:
                      - name: all
                        months: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]
                        weekday:
                          - {from: "00:00", to: "08:00", band: off-peak}
                          - {from: "07:00", to: "24:00", band: peak}
                        saturday:
                          - {from: "00:00", to: "20:00", band: off-peak}
                        sunday:
                          - {from: "00:00", to: "24:00", band: shoulder}
            versions:
              - from: 2024-07-01
                to: 2025-07-01
                currency: ZAR
                vatPercent: 15
                source: Test
                clock: Bad clock
                components:
                  - {kind: energy, name: Energy, rates: [{band: peak, price: 1}, {band: night, price: 1}, {band: off-peak, price: 1}]}
                  - kind: blocks
                    name: Blocks
                    blocks:
                      - {upTo: -50, price: 1}
                      - {price: 2}
              - from: 2025-06-01
                currency: ZAR
                vatPercent: 15
                source: Test
                components: [{kind: energy, name: Energy, price: 1}]
            """;
        using var admin = await api.AdminAsync();
        using var answer = await PostFileAsync(admin, text);
        var problem = await answer.ProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        var faults = problem.GetProperty("faults").Deserialize<List<RateFileFault>>(JsonSerializerOptions.Web)!;
        Assert.Equal(
            [
                "13 clocks[0].versions[0].seasons[0].weekday[1]", // overlap
                "15 clocks[0].versions[0].seasons[0].saturday", // gap
                "17 clocks[0].versions[0].seasons[0].sunday[0].band", // unknown band
                "26 versions[0].components[0].rates[1].band", // unknown band
                "30 versions[0].components[1].blocks[0].upTo", // negative block
                "32 versions[1].from", // validities overlap
            ],
            faults.Select(fault => $"{fault.Line} {fault.Path}"));
        Assert.StartsWith("Line 13: ", problem.GetProperty("errors").GetProperty("clocks[0].versions[0].seasons[0].weekday[1]")[0].GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain((await TariffsAsync(admin)).Items, tariff => tariff.Name == "Bad");
    }

    [PostgresFact]
    public async Task An_approved_version_never_changes_and_a_later_one_ends_it()
    {
        using var admin = await api.AdminAsync();
        var town = NewTown();
        var tariff = (await ImportAsync(admin, Text(town, "2024-07-01", "2"))).TariffId!;
        var first = (await TariffAsync(admin, tariff)).Versions[0];
        var approved = await ApproveAsync(admin, tariff, first.Id);
        Assert.Equal(("approved", ApiHost.AdminEmail), (approved.State, approved.ApprovedBy));

        using var changed = await PostFileAsync(admin, Text(town, "2024-07-01", "3"));
        await changed.InvalidAsync("versions[0].from");
        using var deleted = await admin.DeleteAsync(new Uri($"/api/rates/tariffs/{tariff}/versions/{first.Id}", UriKind.Relative));
        await deleted.ProblemAsync(HttpStatusCode.Conflict, "version-approved");
        using var whole = await admin.DeleteAsync(new Uri($"/api/rates/tariffs/{tariff}", UriKind.Relative));
        await whole.ProblemAsync(HttpStatusCode.Conflict, "version-approved");

        await ImportAsync(admin, Text(town, "2025-07-01", "3"));
        var second = (await TariffAsync(admin, tariff)).Versions[1];
        await ApproveAsync(admin, tariff, second.Id);
        var versions = (await TariffAsync(admin, tariff)).Versions;
        Assert.Equal([("approved", new DateOnly(2025, 7, 1)), ("approved", (DateOnly?)null)], versions.Select(version => (version.State, version.To)));

        // The old file still says what is stored.
        Assert.Equal(1, (await ImportAsync(admin, Text(town, "2024-07-01", "2"))).Unchanged);
    }

    [PostgresFact]
    public async Task A_wrong_version_is_withdrawn_stays_on_record_and_its_correction_takes_its_place()
    {
        using var admin = await api.AdminAsync();
        var town = NewTown();
        var tariff = (await ImportAsync(admin, Text(town, "2024-07-01", "20"))).TariffId!;
        var wrong = (await TariffAsync(admin, tariff)).Versions[0];
        using var early = await admin.PostAsync($"/api/rates/tariffs/{tariff}/versions/{wrong.Id}/withdraw", null);
        await early.ProblemAsync(HttpStatusCode.Conflict, "in-use");
        await ApproveAsync(admin, tariff, wrong.Id);
        using var withdrawn = await admin.PostAsync($"/api/rates/tariffs/{tariff}/versions/{wrong.Id}/withdraw", null);
        Assert.Equal("withdrawn", (await withdrawn.ReadAsync<TariffVersionItem>()).State);
        using var back = await admin.PostAsync($"/api/rates/tariffs/{tariff}/versions/{wrong.Id}/approve", null);
        await back.ProblemAsync(HttpStatusCode.Conflict, "version-approved");

        await ImportAsync(admin, Text(town, "2024-07-01", "2"));
        var versions = (await TariffAsync(admin, tariff)).Versions;
        Assert.Equal(["withdrawn", "draft"], versions.Select(version => version.State));
        await ApproveAsync(admin, tariff, versions[1].Id);
        var audit = await (await admin.GetAsync("/api/audit?limit=4")).ReadAsync<Page<AuditItem>>();
        Assert.Equal(["tariff-version.approved", "tariff.imported", "tariff-version.withdrawn", "tariff-version.approved"], audit.Items.Select(entry => entry.Action));
    }

    [PostgresFact]
    public async Task Two_versions_that_hold_on_the_same_days_are_not_both_approved()
    {
        using var admin = await api.AdminAsync();
        var town = NewTown();
        var tariff = (await ImportAsync(admin, Text(town, "2025-07-01", "2"))).TariffId!;
        await ImportAsync(admin, Text(town, "2024-07-01", "2")); // without an end: it would hold beside the later one
        var versions = (await TariffAsync(admin, tariff)).Versions;
        await ApproveAsync(admin, tariff, versions[1].Id);
        using var answer = await admin.PostAsync($"/api/rates/tariffs/{tariff}/versions/{versions[0].Id}/approve", null);
        await answer.ProblemAsync(HttpStatusCode.Conflict, "validity-overlap");
    }

    [PostgresFact]
    public async Task A_clock_that_approved_tariffs_follow_takes_new_windows_from_a_later_day_alone()
    {
        using var admin = await api.AdminAsync();
        var town = NewTown();
        var text = TariffFileTests.Everything.Replace("{Good Friday: saturday}", "{Heritage Day: weekday, Good Friday: saturday}", StringComparison.Ordinal)
            .Replace("Town clock", town, StringComparison.Ordinal).Replace("municipality: Town", $"municipality: {town}", StringComparison.Ordinal);
        var tariff = (await ImportAsync(admin, text)).TariffId!;
        await ApproveAsync(admin, tariff, (await TariffAsync(admin, tariff)).Versions[0].Id);
        Assert.Equal(1, (await ImportAsync(admin, text)).Unchanged); // the database has names in another order than the file

        using var changed = await PostFileAsync(admin, text.Replace("to: 10:00", "to: 11:00", StringComparison.Ordinal));
        await changed.InvalidAsync("clocks[0].versions[0]");

        // Windows of other bands would leave the approved prices without a meaning; the same windows under a new day are fine.
        var head = text[..text.IndexOf("versions:\n  - from: 2024", StringComparison.Ordinal)].Replace("from: 2020-01-01", "from: 2025-01-01", StringComparison.Ordinal);
        var other = head.Replace("off-peak", "rest", StringComparison.Ordinal).Replace("name: Everything", "name: Other", StringComparison.Ordinal)
            + "versions: [{from: 2025-01-01, currency: ZAR, vatPercent: 15, source: Test, components: [{kind: energy, name: E, price: 1}]}]\n";
        using var unsuitable = await PostFileAsync(admin, other);
        await unsuitable.InvalidAsync("clocks[0]");
        await ImportAsync(admin, other.Replace("rest", "off-peak", StringComparison.Ordinal));
        var clock = Assert.Single((await TariffAsync(admin, tariff)).Clocks);
        Assert.Equal([new DateOnly(2025, 1, 1), (DateOnly?)null], clock.Versions.Select(version => version.To));
    }

    [PostgresFact]
    public async Task A_tariff_that_ships_is_taken_over_as_a_draft_at_a_click()
    {
        using var admin = await api.AdminAsync();
        var shipped = await (await admin.GetAsync("/api/rates/shipped")).ReadAsync<Page<ShippedTariffItem>>();
        Assert.Equal(6, shipped.Items.Count);
        foreach (var item in shipped.Items)
        {
            var imported = await (await admin.PostAsync($"/api/rates/shipped/{item.Key}/import", null)).ReadAsync<TariffImported>();
            Assert.Equal((item.Name, 1), (imported.Name, imported.Created));
        }

        Assert.All((await (await admin.GetAsync("/api/rates/shipped")).ReadAsync<Page<ShippedTariffItem>>()).Items, item => Assert.NotNull(item.TariffId));
        using var unknown = await admin.PostAsync("/api/rates/shipped/none/import", null);
        await unknown.ProblemAsync(HttpStatusCode.NotFound, "not-found");
    }

    [PostgresFact]
    public async Task A_site_has_one_tariff_on_a_day_and_the_next_one_ends_the_one_before()
    {
        using var admin = await api.AdminAsync();
        var site = await admin.NewSiteAsync("Africa/Johannesburg");
        var one = (await ImportAsync(admin, Text(NewTown(), "2024-07-01", "2"))).TariffId!;
        var two = (await ImportAsync(admin, Text(NewTown(), "2024-07-01", "3"))).TariffId!;
        var first = await (await AssignAsync(admin, site.Id, one, "2025-01-01")).ReadAsync<AssignmentItem>(HttpStatusCode.Created);
        var second = await (await AssignAsync(admin, site.Id, two, "2025-07-01")).ReadAsync<AssignmentItem>(HttpStatusCode.Created);
        var all = await (await admin.GetAsync($"/api/rates/assignments?siteId={site.Id}")).ReadAsync<Page<AssignmentItem>>();
        Assert.Equal([(first.Id, new DateOnly(2025, 7, 1)), (second.Id, (DateOnly?)null)], all.Items.Select(item => (item.Id, item.To)));

        using var overlap = await AssignAsync(admin, site.Id, one, "2025-03-01");
        await overlap.ProblemAsync(HttpStatusCode.Conflict, "validity-overlap");
        using var backwards = await admin.PostAsJsonAsync("/api/rates/assignments", new AssignmentBody(site.Id, one, new(2024, 1, 1), new(2023, 1, 1)));
        await backwards.InvalidAsync("to");
        using var nothing = await admin.PostAsJsonAsync("/api/rates/assignments", new AssignmentBody("x", "y", new(2024, 1, 1)));
        await nothing.InvalidAsync("siteId", "tariffId");

        using var moved = await admin.PutAsJsonAsync($"/api/rates/assignments/{second.Id}", new AssignmentBody(site.Id, two, new(2025, 8, 1), new(2026, 1, 1)));
        Assert.Equal((new DateOnly(2025, 8, 1), new DateOnly(2026, 1, 1)), await ReadDaysAsync(moved));
        using var inUse = await admin.DeleteAsync(new Uri($"/api/rates/tariffs/{two}", UriKind.Relative));
        await inUse.ProblemAsync(HttpStatusCode.Conflict, "in-use");
        using var deleted = await admin.DeleteAsync(new Uri($"/api/rates/assignments/{second.Id}", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);

        // The trail names the site, what was before and after, and the assignment that ended with it.
        var trail = (await (await admin.GetAsync("/api/audit?limit=3")).ReadAsync<Page<AuditItem>>()).Items;
        Assert.Equal(["tariff.unassigned", "tariff.reassigned", "tariff.assigned"], trail.Select(entry => entry.Action));
        Assert.Equal((site.Name, "2025-01-01"), (Detail(trail[2].Details, "site"), Detail(trail[2].Details, "endedTheOneFrom")));
        Assert.Equal(("2025-07-01", "2025-08-01"), (Detail(trail[1].Details.GetProperty("before"), "from"), Detail(trail[1].Details.GetProperty("after"), "from")));

        static string? Detail(JsonElement details, string name) => details.GetProperty(name).GetString();
        static async Task<(DateOnly, DateOnly?)> ReadDaysAsync(HttpResponseMessage answer) => await answer.ReadAsync<AssignmentItem>() is var item ? (item.From, item.To) : default;
    }

    [PostgresFact]
    public async Task Facts_of_a_site_hold_from_a_day_on_and_the_same_day_replaces()
    {
        using var admin = await api.AdminAsync();
        var site = await admin.NewSiteAsync("Africa/Johannesburg");
        var first = await (await admin.PutAsJsonAsync("/api/rates/facts", new SiteFactsBody(site.Id, new(2025, 1, 1), 500.5m, 2, 80))).ReadAsync<SiteFactsItem>();
        var again = await (await admin.PutAsJsonAsync("/api/rates/facts", new SiteFactsBody(site.Id, new(2025, 1, 1), 400))).ReadAsync<SiteFactsItem>();
        Assert.Equal((first.Id, 400m, 1, null), (again.Id, again.NotifiedDemandKva, again.ConnectionPoints, again.Amperes));
        using var bad = await admin.PutAsJsonAsync("/api/rates/facts", new SiteFactsBody(site.Id, new(2025, 1, 1), -1, 0, 0));
        await bad.InvalidAsync("notifiedDemandKva", "connectionPoints", "amperes");
        using var deleted = await admin.DeleteAsync(new Uri($"/api/rates/facts/{first.Id}", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.Empty((await (await admin.GetAsync($"/api/rates/facts?siteId={site.Id}")).ReadAsync<Page<SiteFactsItem>>()).Items);
    }

    [PostgresFact]
    public async Task A_municipality_has_a_name_of_its_own_and_stays_while_it_has_tariffs()
    {
        using var admin = await api.AdminAsync();
        var town = NewTown();
        await ImportAsync(admin, Text(town, "2024-07-01", "2"));
        var item = (await (await admin.GetAsync("/api/rates/municipalities")).ReadAsync<Page<MunicipalityItem>>()).Items.Single(m => m.Name == town);
        Assert.Equal(1, item.Tariffs);
        using var taken = await admin.PostAsJsonAsync("/api/rates/municipalities", new MunicipalityBody(town));
        await taken.ProblemAsync(HttpStatusCode.Conflict, "taken");
        using var inUse = await admin.DeleteAsync(new Uri($"/api/rates/municipalities/{item.Id}", UriKind.Relative));
        await inUse.ProblemAsync(HttpStatusCode.Conflict, "in-use");
        var renamed = await (await admin.PutAsJsonAsync($"/api/rates/municipalities/{item.Id}", new MunicipalityBody(town + " II"))).ReadAsync<MunicipalityItem>();
        Assert.Equal((town + " II", 1), (renamed.Name, renamed.Tariffs));
        var empty = await (await admin.PostAsJsonAsync("/api/rates/municipalities", new MunicipalityBody(town))).ReadAsync<MunicipalityItem>(HttpStatusCode.Created);
        using var deleted = await admin.DeleteAsync(new Uri($"/api/rates/municipalities/{empty.Id}", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
    }

    private static int towns;

    internal static string NewTown() => $"Town {Interlocked.Increment(ref towns)} {Guid.NewGuid():N}";

    internal static string Text(string town, string from, string price) =>
        Flat.Replace("{0}", town, StringComparison.Ordinal).Replace("{1}", from, StringComparison.Ordinal).Replace("{2}", price, StringComparison.Ordinal);

    internal static async Task<TariffImported> ImportAsync(HttpClient admin, string text) => await (await PostFileAsync(admin, text)).ReadAsync<TariffImported>();

    internal static async Task<TariffVersionItem> ApproveAsync(HttpClient admin, string tariff, string version) =>
        await (await admin.PostAsync($"/api/rates/tariffs/{tariff}/versions/{version}/approve", null)).ReadAsync<TariffVersionItem>();

    internal static Task<HttpResponseMessage> AssignAsync(HttpClient admin, string site, string tariff, string from) =>
        admin.PostAsJsonAsync("/api/rates/assignments", new AssignmentBody(site, tariff, DateOnly.Parse(from, System.Globalization.CultureInfo.InvariantCulture)));

    internal static async Task<TariffDetail> TariffAsync(HttpClient admin, string id) => await (await admin.GetAsync($"/api/rates/tariffs/{id}")).ReadAsync<TariffDetail>();

    private static async Task<Page<TariffItem>> TariffsAsync(HttpClient admin) => await (await admin.GetAsync("/api/rates/tariffs")).ReadAsync<Page<TariffItem>>();

    private static Task<HttpResponseMessage> PostFileAsync(HttpClient admin, string text, string query = "") =>
        admin.PostAsync("/api/rates/tariffs/import" + query, new StringContent(text, Encoding.UTF8, "application/yaml"));
}
