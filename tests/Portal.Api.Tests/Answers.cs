using System.Net;
using System.Text.Json;

namespace Portal.Api.Tests;

/// <summary>Reads answers.</summary>
internal static class Answers
{
    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage answer, HttpStatusCode expected = HttpStatusCode.OK)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == expected, $"{answer.RequestMessage?.Method} {answer.RequestMessage?.RequestUri} answered {(int)answer.StatusCode}, expected {(int)expected}: {text}");
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    /// <summary>Asserts a problem of this kind, and gives it.</summary>
    public static async Task<JsonElement> ProblemAsync(this HttpResponseMessage answer, HttpStatusCode status, string kind)
    {
        var problem = await answer.JsonAsync(status);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal("https://tau-acuvim.portal/problems/" + kind, problem.GetProperty("type").GetString());
        return problem;
    }

    /// <summary>Asserts that exactly these fields are complained about.</summary>
    public static async Task InvalidAsync(this HttpResponseMessage answer, params string[] fields)
    {
        var problem = await answer.ProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        Assert.Equal(fields.Order(), problem.GetProperty("errors").EnumerateObject().Select(error => error.Name).Order());
    }

    public static async Task<T> ReadAsync<T>(this HttpResponseMessage answer, HttpStatusCode expected = HttpStatusCode.OK) =>
        (await answer.JsonAsync(expected)).Deserialize<T>(JsonSerializerOptions.Web)!;

    /// <summary>Name and value of the session cookie that an answer sets.</summary>
    public static string SessionCookie(this HttpResponseMessage answer) =>
        answer.Headers.GetValues("Set-Cookie").Single(cookie => cookie.Contains("portal-session=", StringComparison.Ordinal)).Split(';')[0];
}
