using System.Net;
using System.Net.Http.Json;
using Portal.Contracts;
using Portal.Contracts.Audit;
using Portal.Contracts.Fleet;
using Portal.Testing;

namespace Fleet.Aggregator.Tests.Audit;

public sealed class AuditTests(AggregatorApp app) : IClassFixture<AggregatorApp>
{
    [PostgresFact]
    public async Task Every_change_of_a_customer_has_its_line_and_no_line_a_secret()
    {
        using var operators = app.As("Admin");
        using var stack = await app.RegisterAsync("AUDIT1");
        await operators.PutAsJsonAsync($"/api/fleet/customers/{stack.Id}", new { code = "AUDIT2", name = "Renamed", active = false });
        var rotated = await (await operators.PostAsync($"/api/fleet/customers/{stack.Id}/rotate-token", null)).Content.ReadFromJsonAsync<CustomerToken>();
        await operators.DeleteAsync($"/api/fleet/customers/{stack.Id}");

        var page = await operators.GetFromJsonAsync<Page<AuditItem>>("/api/fleet/audit");
        var lines = page!.Items.Where(item => item.Subject is "AUDIT1" or "AUDIT2").ToList();

        Assert.Equal(
            ["customer.deleted AUDIT2", "customer.token-rotated AUDIT2", "customer.edited AUDIT1", "customer.registered AUDIT1"],
            lines.Select(item => $"{item.Action} {item.Subject}")
        );
        Assert.All(lines, item => Assert.Equal("Admin@example.com", item.Actor));
        Assert.Equal("Customer AUDIT1", lines[2].Details.GetProperty("before").GetProperty("name").GetString());
        Assert.False(lines[2].Details.GetProperty("after").GetProperty("active").GetBoolean());
        Assert.Equal(rotated!.Token[..8], lines[1].Details.GetProperty("tokenPrefix").GetString());
        var text = await operators.GetStringAsync("/api/fleet/audit");
        Assert.DoesNotContain(stack.Token, text, StringComparison.Ordinal);
        Assert.DoesNotContain(rotated.Token, text, StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task A_change_that_is_refused_leaves_no_line()
    {
        using var operators = app.As("Admin");
        using var one = await app.RegisterAsync("TAKEN1");
        using var other = await app.RegisterAsync("TAKEN2");
        var before = await app.ScalarAsync<long>("""SELECT count(*) FROM fleet."AuditEntries" """);

        Assert.Equal(HttpStatusCode.Conflict, (await operators.PostAsJsonAsync("/api/fleet/customers", new { code = "taken1", name = "x" })).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await operators.PutAsJsonAsync($"/api/fleet/customers/{other.Id}", new { code = "taken1", name = "x", active = true })).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await operators.DeleteAsync("/api/fleet/customers/2000000000")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await operators.PostAsync("/api/fleet/customers/2000000000/rotate-token", null)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await operators.PutAsJsonAsync("/api/fleet/customers/2000000000", new { code = "NOBODY", name = "x", active = true })).StatusCode);

        Assert.Equal(before, await app.ScalarAsync<long>("""SELECT count(*) FROM fleet."AuditEntries" """));
        await other.PushAsync("measurements", "[]");
    }

    [PostgresFact]
    public async Task The_trail_is_paged_newest_first_without_gap_or_repetition()
    {
        using var operators = app.As("Admin");
        await app.ExecuteAsync(
            """
            INSERT INTO fleet."AuditEntries" ("At", "Actor", "Action", "Subject", "Details")
            SELECT now(), 'x', 'customer.edited', 'PAGED' || n, '{}' FROM generate_series(1, 250) n
            """
        );
        var ids = new List<long>();
        string? cursor = null;
        do
        {
            var page = await operators.GetFromJsonAsync<Page<AuditItem>>("/api/fleet/audit?cursor=" + cursor);
            Assert.InRange(page!.Items.Count, 0, 100);
            ids.AddRange(page.Items.Select(item => long.Parse(item.Id, System.Globalization.CultureInfo.InvariantCulture)));
            cursor = page.Next;
        } while (cursor is not null);

        Assert.Equal(ids.OrderDescending().Distinct(), ids);
        Assert.Equal(await app.ScalarAsync<long>("""SELECT count(*) FROM fleet."AuditEntries" """), ids.Count);
    }

    [PostgresTheory]
    [InlineData("x")]
    [InlineData("-1")]
    [InlineData("1;DROP TABLE")]
    [InlineData("99999999999999999999")]
    public async Task A_cursor_that_is_none_of_the_list_is_a_bad_request(string cursor)
    {
        using var operators = app.As("Admin");
        await Problem.AssertAsync(await operators.GetAsync("/api/fleet/audit?cursor=" + Uri.EscapeDataString(cursor)), HttpStatusCode.BadRequest, "invalid-request", "cursor");
    }
}
