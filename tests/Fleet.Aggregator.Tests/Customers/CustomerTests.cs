using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Portal.Contracts;
using Portal.Contracts.Fleet;
using Portal.Domain.Keys;
using Portal.Testing;

namespace Fleet.Aggregator.Tests.Customers;

public sealed class CustomerTests(AggregatorApp app) : IClassFixture<AggregatorApp>
{
    private readonly HttpClient operators = app.As("Admin");

    [PostgresFact]
    public async Task A_registered_customer_has_its_token_shown_once_and_stored_as_a_hash()
    {
        var customer = await RegisterAsync("ABC0001", "Acme Foods");

        Assert.True(FleetToken.TryParse(customer.Token, out var token));
        var shown = await operators.GetStringAsync($"/api/fleet/customers/{customer.Id}");
        Assert.DoesNotContain(customer.Token, shown);
        Assert.Contains($"\"tokenPrefix\":\"{token.Prefix}\"", shown);
        await using var command = app.Database.CreateCommand("""SELECT count(*) FROM fleet."PushTokens" WHERE "Hash" = $1""");
        command.Parameters.AddWithValue(token.Hash());
        Assert.Equal(1L, await command.ExecuteScalarAsync());
    }

    [PostgresFact]
    public async Task Rotating_retires_the_old_token_and_remembers_it()
    {
        var first = await RegisterAsync("ROT0001", "Rotor");

        var second = await (await operators.PostAsync($"/api/fleet/customers/{first.Id}/rotate-token", null)).Content.ReadFromJsonAsync<CustomerToken>();

        Assert.NotEqual(first.Token, second!.Token);
        await using var command = app.Database.CreateCommand(
            """SELECT "Prefix", "RetiredAt" IS NULL FROM fleet."PushTokens" WHERE "CustomerId" = $1 ORDER BY "CreatedAt" """);
        command.Parameters.AddWithValue(first.Id);
        await using var reader = await command.ExecuteReaderAsync();
        Assert.True(await reader.ReadAsync());
        Assert.Equal((first.Token[..8], false), (reader.GetString(0), reader.GetBoolean(1)));
        Assert.True(await reader.ReadAsync());
        Assert.Equal((second.Token[..8], true), (reader.GetString(0), reader.GetBoolean(1)));
    }

    [PostgresFact]
    public async Task Rotations_at_once_leave_one_token_in_force()
    {
        var customer = await RegisterAsync("ROT0002", "Rotor");

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => operators.PostAsync($"/api/fleet/customers/{customer.Id}/rotate-token", null)));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        await using var command = app.Database.CreateCommand(
            """SELECT count(*), count(*) FILTER (WHERE "RetiredAt" IS NULL) FROM fleet."PushTokens" WHERE "CustomerId" = $1""");
        command.Parameters.AddWithValue(customer.Id);
        await using var reader = await command.ExecuteReaderAsync();
        Assert.True(await reader.ReadAsync());
        Assert.Equal((9L, 1L), (reader.GetInt64(0), reader.GetInt64(1)));
    }

    [PostgresFact]
    public async Task A_code_that_is_taken_is_a_conflict_that_names_the_field()
    {
        await RegisterAsync("TWICE1", "First");

        var answer = await operators.PostAsJsonAsync("/api/fleet/customers", new { code = "twice1", name = "Second" });

        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.EndsWith("/customer-code-taken", problem.GetProperty("type").GetString());
        Assert.Contains("TWICE1", problem.GetProperty("errors").GetProperty("code")[0].GetString());
    }

    [PostgresTheory]
    [InlineData("""{"code":"AB","name":"Short"}""", "code")]
    [InlineData("""{"code":"ABC-001","name":"Dash"}""", "code")]
    [InlineData("""{"code":"ABCDEFGHIJKLM","name":"Long"}""", "code")]
    [InlineData("""{"name":"None"}""", "code")]
    [InlineData("""{"code":"OKAY001","name":""}""", "name")]
    [InlineData("""{"code":"OKAY001"}""", "name")]
    public async Task A_body_that_is_wrong_names_the_field(string body, string field)
    {
        var answer = await operators.PostAsync("/api/fleet/customers", new StringContent(body, null, "application/json"));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Contains(problem.GetProperty("errors").EnumerateObject(), error => error.Name.Equals(field, StringComparison.OrdinalIgnoreCase));
    }

    [PostgresTheory]
    [InlineData("", "")]
    [InlineData("[]", "")]
    [InlineData("not json", "")]
    [InlineData("{", "")]
    [InlineData("""{"code":"A B C","name":"x","active":true}""", "code")]
    [InlineData("""{"code":123456,"name":"x","active":true}""", "code")]
    [InlineData("""{"code":"OKAY001","name":" ","active":true}""", "name")]
    [InlineData("""{"code":"OKAY001","name":"two\nlines","active":true}""", "name")]
    [InlineData("""{"code":"OKAY001","name":"nul\u0000","active":true}""", "name")]
    [InlineData("""{"code":"OKAY001","name":["x"],"active":true}""", "name")]
    [InlineData("""{"code":"OKAY001","name":"x"}""", "active")]
    [InlineData("""{"code":"OKAY001","name":"x","active":"yes"}""", "active")]
    public async Task A_body_that_is_wrong_changes_nothing_and_is_a_bad_request(string body, string field)
    {
        var customer = await app.RegisterAsync();
        foreach (var (method, path) in ((HttpMethod, string)[])[(HttpMethod.Put, $"/api/fleet/customers/{customer.Id}"), (HttpMethod.Post, "/api/fleet/customers")])
        {
            if (method == HttpMethod.Post && field == "active")
            {
                continue;
            }

            using var request = new HttpRequestMessage(method, path) { Content = new StringContent(body, null, "application/json") };
            var answer = await operators.SendAsync(request);

            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
            Assert.True(field.Length == 0 || problem.GetProperty("errors").TryGetProperty(field, out _), problem.ToString());
        }

        Assert.Equal("Customer " + customer.Code, await app.ScalarAsync<string>("""SELECT "Name" FROM fleet."Customers" WHERE "Id" = $1""", customer.Id));
    }

    [PostgresFact]
    public async Task An_edit_switches_a_customer_off_and_a_delete_takes_its_tokens_along()
    {
        var customer = await RegisterAsync("EDIT01", "Before");

        var edited = await operators.PutAsJsonAsync($"/api/fleet/customers/{customer.Id}", new { code = "EDIT01", name = "After", active = false });
        var view = await edited.Content.ReadFromJsonAsync<CustomerView>();
        Assert.Equal(("After", false), (view!.Name, view.Active));

        Assert.Equal(HttpStatusCode.NoContent, (await operators.DeleteAsync($"/api/fleet/customers/{customer.Id}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await operators.GetAsync($"/api/fleet/customers/{customer.Id}")).StatusCode);
        await using var command = app.Database.CreateCommand("""SELECT count(*) FROM fleet."PushTokens" WHERE "CustomerId" = $1""");
        command.Parameters.AddWithValue(customer.Id);
        Assert.Equal(0L, await command.ExecuteScalarAsync());
    }

    [PostgresFact]
    public async Task The_list_is_paged_by_code_without_gap_or_repetition()
    {
        await using (var command = app.Database.CreateCommand(
            """
            WITH made AS (INSERT INTO fleet."Customers" ("Code", "Name", "Active", "CreatedAt")
                          SELECT 'PAGE' || lpad(n::text, 4, '0'), 'n', true, now() FROM generate_series(1, 450) n RETURNING "Id")
            INSERT INTO fleet."PushTokens" ("CustomerId", "Hash", "Prefix", "CreatedAt") SELECT "Id", sha256("Id"::text::bytea), 'pft_page', now() FROM made
            """))
        {
            await command.ExecuteNonQueryAsync();
        }

        var codes = new List<string>();
        string? cursor = null;
        do
        {
            var page = await operators.GetFromJsonAsync<Page<CustomerView>>("/api/fleet/customers?cursor=" + cursor);
            Assert.InRange(page!.Items.Count, 1, 200);
            codes.AddRange(page.Items.Select(c => c.Code));
            cursor = page.Next;
        } while (cursor is not null);

        Assert.Equal(codes.Order(StringComparer.Ordinal).Distinct(), codes);
        Assert.Equal(450, codes.Count(code => code.StartsWith("PAGE", StringComparison.Ordinal)));
    }

    private async Task<CustomerToken> RegisterAsync(string code, string name)
    {
        var answer = await operators.PostAsJsonAsync("/api/fleet/customers", new { code, name });
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<CustomerToken>())!;
    }
}
