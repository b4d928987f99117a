using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Authorization;
using Portal.Testing;

namespace Portal.Api.Tests;

/// <summary>What holds for each endpoint there is, found in the running program: a new one is tested without being named here.</summary>
public sealed class EndpointTests(ApiHost api) : IClassFixture<ApiHost>
{
    // Everything that changes something, and what is the admins' alone to read.
    private static readonly string[] ReadByAdminsOnly = ["/api/users", "/api/audit", "/api/ingest-keys", "/api/devices/unclaimed"];
    private static readonly string[] Own = ["/api/auth/password", "/api/auth/two-factor"];

    private static readonly string[] Nonsense = ["", "null", "[]", "\"text\"", "17", "{", "{\"name\":{}}", "\u0000", "{\"\ud83d"];

    [PostgresFact]
    public void Every_endpoint_states_who_may_call_it()
    {
        Assert.NotEmpty(ApiRoute.Of(api));
        Assert.All(ApiRoute.Of(api), route =>
        {
            var open = route.Endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null;
            var policies = route.Endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>();
            Assert.True(open || policies.Any(policy => policy.Policy is not null), $"{route.Name} states no policy.");
            Assert.True(open == route.IsOpen, $"{route.Name} is open to everybody, or should be.");
        });
    }

    [PostgresFact]
    public async Task Nobody_gets_in_without_a_session()
    {
        using var nobody = api.Client();
        foreach (var route in ApiRoute.Of(api).Where(route => !route.IsOpen))
        {
            using var answer = await nobody.SendAsync(route.Request("{}"));
            await answer.ProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated");
        }
    }

    [PostgresFact]
    public async Task A_viewer_reads_what_is_not_the_admins_own_and_changes_nothing()
    {
        using var viewer = await api.ViewerAsync();
        using var admin = await api.AdminAsync();
        foreach (var route in ApiRoute.Of(api).Where(route => !route.IsOpen))
        {
            var admins = route.Method != "GET" ? !Own.Any(path => route.Path.StartsWith(path, StringComparison.Ordinal)) : ReadByAdminsOnly.Any(path => route.Path.StartsWith(path, StringComparison.Ordinal));
            using var answer = await viewer.SendAsync(route.Request("{}"));
            if (admins) await answer.ProblemAsync(HttpStatusCode.Forbidden, "forbidden");
            else Assert.True(answer.StatusCode is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden), $"{route.Name} refuses a viewer.");

            using var admitted = await admin.SendAsync(route.Request("{}"));
            Assert.True(admitted.StatusCode is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden), $"{route.Name} refuses an admin.");
            Assert.True((int)admitted.StatusCode < 500, $"{route.Name} answers {(int)admitted.StatusCode}.");
        }
    }

    [PostgresFact]
    public async Task Every_body_that_makes_no_sense_is_refused_with_a_problem()
    {
        using var admin = await api.AdminAsync();
        var withBody = ApiRoute.Of(api).Where(route => route.TakesBody).ToList();
        Assert.NotEmpty(withBody);
        foreach (var route in withBody)
        {
            using var empty = await admin.SendAsync(route.Request("{}"));
            var problem = await empty.ProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
            var fields = problem.GetProperty("errors").EnumerateObject().Select(error => error.Name).ToList();
            Assert.NotEmpty(fields);
            Assert.All(fields, field => Assert.Equal(JsonNamingPolicy.CamelCase.ConvertName(field), field));
            // In words for people: no C# name of a property.
            Assert.DoesNotContain("The ", problem.GetProperty("errors").GetRawText().Replace("The body", "", StringComparison.Ordinal), StringComparison.Ordinal);

            foreach (var body in Nonsense)
            {
                using var answer = await admin.SendAsync(route.Request(body));
                Assert.True(answer.StatusCode == HttpStatusCode.BadRequest, $"{route.Name} answers {(int)answer.StatusCode} to {body}");
                var refusal = await answer.ProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
                Assert.All(refusal.GetProperty("errors").EnumerateObject(), error => Assert.NotEmpty(error.Value[0].GetString()!));
            }

            using var form = await admin.SendAsync(route.Request("name=x", "application/x-www-form-urlencoded"));
            await form.ProblemAsync(HttpStatusCode.UnsupportedMediaType, "unsupported-media-type");
        }
    }

    [PostgresTheory]
    [InlineData("", "", "The body must be a JSON object.")]
    [InlineData("null", "", "The body must be a JSON object.")]
    [InlineData("{}", "name", "Must be given.")]
    [InlineData("""{"name":" "}""", "name", "Must be given.")]
    [InlineData("""{"name":"LONG"}""", "name", "Must have at most 200 characters.")]
    public async Task What_is_wrong_is_said_in_words_that_fit_beside_the_field(string body, string field, string says)
    {
        using var admin = await api.AdminAsync();
        using var answer = await admin.PostAsync("/api/ingest-keys", new StringContent(body.Replace("LONG", new string('x', 201), StringComparison.Ordinal), Encoding.UTF8, "application/json"));
        var problem = await answer.ProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        Assert.Equal(says, problem.GetProperty("errors").GetProperty(field)[0].GetString());
    }

    [PostgresFact]
    public async Task A_field_of_the_wrong_kind_is_named()
    {
        using var admin = await api.AdminAsync();
        using var answer = await admin.PostAsync("/api/ingest-keys", new StringContent("""{"name":17}""", Encoding.UTF8, "application/json"));
        await answer.InvalidAsync("name");
    }

    [PostgresFact]
    public async Task A_body_that_is_too_large_is_refused_unread()
    {
        using var admin = await api.AdminAsync();
        using var answer = await admin.PostAsync("/api/ingest-keys", new StringContent($$"""{"name":"{{new string('x', 2_000_000)}}"}""", Encoding.UTF8, "application/json"));
        await answer.ProblemAsync(HttpStatusCode.RequestEntityTooLarge, "too-large");
    }

    [PostgresFact]
    public async Task What_does_not_exist_is_not_found_and_a_method_that_is_not_there_says_so()
    {
        using var admin = await api.AdminAsync();
        foreach (var client in (HttpClient[])[admin, api.Client()])
        {
            using var unknown = await client.GetAsync("/api/nothing-here");
            await unknown.ProblemAsync(HttpStatusCode.NotFound, "not-found");
            using var method = await client.DeleteAsync(new Uri("/api/branding", UriKind.Relative));
            await method.ProblemAsync(HttpStatusCode.MethodNotAllowed, "method-not-allowed");
        }
    }

    [PostgresFact]
    public async Task The_api_describes_itself()
    {
        using var client = api.Client();
        using var answer = await client.GetAsync("/openapi/v1.json");
        var paths = (await answer.JsonAsync()).GetProperty("paths").EnumerateObject().Select(path => path.Name.TrimEnd('/')).ToHashSet();
        foreach (var route in ApiRoute.Of(api).Where(route => route.Path.StartsWith("/api/", StringComparison.Ordinal)))
            Assert.Contains(System.Text.RegularExpressions.Regex.Replace(route.Path, ":[a-z]+}", "}").TrimEnd('/'), paths);
    }
}
