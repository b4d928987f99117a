using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Portal.Contracts;
using Portal.Contracts.Audit;
using Portal.Contracts.Sites;
using Portal.Testing;

namespace Portal.Api.Tests;

public sealed class SiteTests(ApiHost api) : IClassFixture<ApiHost>
{
    [PostgresFact]
    public async Task A_site_is_created_read_changed_and_deleted_and_each_change_is_on_record()
    {
        using var admin = await api.AdminAsync();
        using var created = await admin.PostAsJsonAsync("/api/sites", new SiteBody(" Mill ", "Africa/Johannesburg"));
        var site = await created.ReadAsync<SiteItem>(HttpStatusCode.Created);
        Assert.Equal($"/api/sites/{site.Id}", created.Headers.Location?.ToString());
        Assert.Equal(("Mill", "Africa/Johannesburg", 0), (site.Name, site.TimeZone, site.Devices));

        using var updated = await admin.PutAsJsonAsync($"/api/sites/{site.Id}", new SiteBody("Old mill", "Europe/Berlin"));
        var changed = await updated.ReadAsync<SiteItem>();
        Assert.Equal(("Old mill", "Europe/Berlin"), (changed.Name, changed.TimeZone));
        Assert.Equal(changed, await (await admin.GetAsync($"/api/sites/{site.Id}")).ReadAsync<SiteItem>());

        using var deleted = await admin.DeleteAsync(new Uri($"/api/sites/{site.Id}", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        using var gone = await admin.GetAsync($"/api/sites/{site.Id}");
        await gone.ProblemAsync(HttpStatusCode.NotFound, "not-found");
        using var again = await admin.DeleteAsync(new Uri($"/api/sites/{site.Id}", UriKind.Relative));
        await again.ProblemAsync(HttpStatusCode.NotFound, "not-found");

        var audit = await (await admin.GetAsync("/api/audit?limit=3")).ReadAsync<Page<AuditItem>>();
        Assert.Equal(["site.deleted", "site.updated", "site.created"], audit.Items.Select(entry => entry.Action));
        Assert.Equal("Mill", audit.Items[1].Details.GetProperty("before").GetProperty("name").GetString());
        Assert.Equal("Old mill", audit.Items[1].Details.GetProperty("after").GetProperty("name").GetString());
    }

    [PostgresTheory]
    [InlineData("Mars/Olympus")]
    [InlineData("W. Europe Standard Time")]
    [InlineData("+02:00")]
    [InlineData("posixrules")]
    [InlineData("../zoneinfo/Europe/Berlin")]
    [InlineData("Europe/../Europe/Berlin")]
    [InlineData("right/Europe/Berlin")]
    [InlineData("europe/berlin")]
    [InlineData("Europe/Berlin ")]
    public async Task A_time_zone_must_be_an_iana_name(string zone)
    {
        using var admin = await api.AdminAsync();
        using var created = await admin.PostAsJsonAsync("/api/sites", new SiteBody("Mill", zone));
        await created.InvalidAsync("timeZone");
    }

    [PostgresTheory]
    [InlineData("UTC")]
    [InlineData("Etc/GMT-2")]
    [InlineData("America/Argentina/Buenos_Aires")]
    [InlineData("America/Port-au-Prince")]
    [InlineData("Australia/Lord_Howe")]
    public async Task Zones_of_every_shape_are_taken_and_the_database_knows_them(string zone)
    {
        using var admin = await api.AdminAsync();
        using var created = await admin.PostAsJsonAsync("/api/sites", new SiteBody("Mill", zone));
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        await using var database = new Npgsql.NpgsqlConnection(api.Connection);
        await database.OpenAsync();
        await using var command = new Npgsql.NpgsqlCommand("SELECT now() AT TIME ZONE $1", database) { Parameters = { new() { Value = zone } } };
        Assert.NotNull(await command.ExecuteScalarAsync());
    }

    [PostgresTheory]
    [InlineData("   ", "name")]
    [InlineData("two\nlines", "name")]
    public async Task A_name_must_say_something_in_one_line(string name, string field)
    {
        using var admin = await api.AdminAsync();
        using var created = await admin.PostAsJsonAsync("/api/sites", new SiteBody(name, "Europe/Berlin"));
        await created.InvalidAsync(field);
        using var tooLong = await admin.PostAsJsonAsync("/api/sites", new SiteBody(new string('x', 201), "Europe/Berlin"));
        await tooLong.InvalidAsync("name");
    }

    [PostgresFact]
    public async Task Sites_of_the_same_name_are_paged_by_name_without_losing_one()
    {
        using var admin = await api.AdminAsync();
        foreach (var name in (string[])["Beta", "Alpha", "Beta", "Beta", "Gamma"])
            await admin.PostAsJsonAsync("/api/sites", new SiteBody(name, "Europe/Berlin"));
        var all = (await (await admin.GetAsync("/api/sites")).ReadAsync<Page<SiteItem>>()).Items;

        var seen = new List<SiteItem>();
        string? cursor = null;
        do
        {
            var page = await (await admin.GetAsync($"/api/sites?limit=2&cursor={cursor}")).ReadAsync<Page<SiteItem>>();
            Assert.NotEmpty(page.Items);
            seen.AddRange(page.Items);
            Assert.True(seen.Count < 200, "The pages never end.");
            cursor = page.Next;
        } while (cursor is not null);

        Assert.Equal(all, seen);
    }

    [PostgresTheory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=-1", "limit")]
    [InlineData("limit=ten", "limit")]
    [InlineData("cursor=zzz", "cursor")]
    [InlineData("cursor=WyJhIl0", "cursor")] // ["a"]: one key too few
    [InlineData("cursor=WyJhIiwiYiJd", "cursor")] // ["a","b"]: the second is no id
    [InlineData("cursor=bnVsbA", "cursor")] // null
    public async Task A_bad_page_request_names_the_field(string query, string field)
    {
        using var admin = await api.AdminAsync();
        using var answer = await admin.GetAsync($"/api/sites?{query}");
        await answer.InvalidAsync(field);
    }
}
