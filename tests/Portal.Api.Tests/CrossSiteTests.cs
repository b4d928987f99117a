using System.Net;
using System.Net.Http.Json;
using Portal.Contracts.Auth;
using Portal.Contracts.IngestKeys;
using Portal.Testing;

namespace Portal.Api.Tests;

public sealed class CrossSiteTests(ApiHost api) : IClassFixture<ApiHost>
{
    private const string PublicUrl = "http://abc0001.localhost:8080";

    [PostgresTheory]
    [InlineData(null, null, true)] // a program
    [InlineData("none", null, true)]
    [InlineData("same-origin", null, true)]
    [InlineData("same-origin", PublicUrl, true)]
    [InlineData(null, PublicUrl, true)]
    [InlineData("same-site", null, false)] // another customer below the same domain
    [InlineData("same-site", "http://xyz0002.localhost:8080", false)]
    [InlineData("cross-site", null, false)]
    [InlineData("cross-site", PublicUrl, false)]
    [InlineData("", null, false)]
    [InlineData("Same-Origin", null, false)] // browsers write it in lower case
    [InlineData(null, "http://xyz0002.localhost:8080", false)]
    [InlineData(null, "https://abc0001.localhost:8080", false)] // another scheme
    [InlineData(null, "http://abc0001.localhost", false)] // another port
    [InlineData(null, "http://abc0001.localhost:8080.evil.example", false)]
    [InlineData(null, "http://abc0001.localhost:8080@evil.example", false)]
    [InlineData(null, "null", false)] // a sandboxed frame
    [InlineData("same-origin", "http://evil.example", false)]
    public async Task A_write_is_taken_from_programs_and_from_pages_of_the_stack_alone(string? fetchSite, string? origin, bool taken)
    {
        using var admin = await api.AdminAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/ingest-keys") { Content = JsonContent.Create(new IngestKeyBody("gate")) };
        if (fetchSite is not null) request.Headers.TryAddWithoutValidation("Sec-Fetch-Site", fetchSite);
        if (origin is not null) request.Headers.TryAddWithoutValidation("Origin", origin);
        using var answer = await admin.SendAsync(request);
        if (taken) Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        else await answer.ProblemAsync(HttpStatusCode.Forbidden, "cross-site");
    }

    [PostgresFact]
    public async Task The_host_that_was_asked_is_the_stacks_own_as_well()
    {
        using var admin = await api.AdminAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/ingest-keys")
        {
            Content = JsonContent.Create(new IngestKeyBody("gate")),
            Headers = { { "Origin", api.Address.GetLeftPart(UriPartial.Authority) } },
        };
        using var answer = await admin.SendAsync(request);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
    }

    [PostgresTheory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("PATCH")]
    public async Task Every_writing_method_is_guarded_even_where_no_endpoint_is(string method)
    {
        using var admin = await api.AdminAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), $"/api/users/{Guid.Empty}") { Headers = { { "Sec-Fetch-Site", "same-site" } } };
        using var answer = await admin.SendAsync(request);
        await answer.ProblemAsync(HttpStatusCode.Forbidden, "cross-site");
    }

    [PostgresFact]
    public async Task No_page_of_another_site_signs_somebody_in_but_reading_stays_free()
    {
        using var client = api.Client();
        using var login = new HttpRequestMessage(HttpMethod.Post, "/api/auth/login")
        {
            Content = JsonContent.Create(new LoginRequest(ApiHost.AdminEmail, ApiHost.AdminPassword)),
            Headers = { { "Sec-Fetch-Site", "cross-site" } },
        };
        using var refused = await client.SendAsync(login);
        await refused.ProblemAsync(HttpStatusCode.Forbidden, "cross-site");
        Assert.False(refused.Headers.Contains("Set-Cookie"));

        using var read = new HttpRequestMessage(HttpMethod.Get, "/api/branding") { Headers = { { "Sec-Fetch-Site", "cross-site" } } };
        using var answer = await client.SendAsync(read);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }
}
