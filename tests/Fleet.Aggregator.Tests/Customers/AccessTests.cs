using System.Net;
using System.Net.Http.Json;
using Portal.Testing;

namespace Fleet.Aggregator.Tests.Customers;

public sealed class AccessTests(AggregatorApp app) : IClassFixture<AggregatorApp>
{
    public static TheoryData<string, string> Endpoints => new()
    {
        { "GET", "/api/fleet/customers" },
        { "GET", "/api/fleet/customers/1" },
        { "POST", "/api/fleet/customers" },
        { "PUT", "/api/fleet/customers/1" },
        { "POST", "/api/fleet/customers/1/rotate-token" },
        { "DELETE", "/api/fleet/customers/1" },
        { "GET", "/api/fleet/customers/1/detail" },
        { "GET", "/api/fleet/customers/1/ledger" },
        { "GET", "/api/fleet/dashboard" },
        { "GET", "/api/fleet/audit" },
    };

    [PostgresTheory]
    [MemberData(nameof(Endpoints))]
    public async Task Nobody_but_an_operator_gets_in(string method, string path)
    {
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(null, method, path)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await SendAsync("Viewer", method, path)).StatusCode);
        using var unfinished = await SendAsync("AdminWithoutTwoFactor", method, path);
        Assert.Equal(HttpStatusCode.Forbidden, unfinished.StatusCode);
        Assert.Contains("two-factor-setup", await unfinished.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [PostgresTheory]
    [InlineData("cross-site", null)]
    [InlineData("same-site", null)]
    [InlineData(null, "http://xyz0002.localhost")]
    public async Task A_page_of_another_origin_can_change_nothing_with_an_operators_cookie(string? fetchSite, string? origin)
    {
        using var client = app.As("Admin");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/fleet/customers") { Content = JsonContent.Create(new { code = "EVIL01", name = "x" }) };
        if (fetchSite is not null)
        {
            request.Headers.Add("Sec-Fetch-Site", fetchSite);
        }

        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }

        Assert.Equal(HttpStatusCode.Forbidden, (await client.SendAsync(request)).StatusCode);
    }

    [PostgresFact]
    public async Task An_api_that_is_away_signs_nobody_out()
    {
        app.Api.Works = false;
        try
        {
            using var client = app.As("Somebody-not-asked-about-yet");
            var answer = await client.GetAsync("/api/fleet/customers");

            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            Assert.NotNull(answer.Headers.RetryAfter);
        }
        finally
        {
            app.Api.Works = true;
        }
    }

    private async Task<HttpResponseMessage> SendAsync(string? role, string method, string path)
    {
        using var client = app.As(role);
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (method is "POST" or "PUT")
        {
            request.Content = JsonContent.Create(new { code = "ABC0001", name = "Acme", active = true });
        }

        return await client.SendAsync(request);
    }
}
