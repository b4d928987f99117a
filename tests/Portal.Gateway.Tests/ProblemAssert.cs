using System.Net;
using System.Text.Json;
using Portal.ServiceDefaults;

namespace Portal.Gateway.Tests;

internal static class ProblemAssert
{
    /// <summary>The answer is a problem of this status and kind; gives its body.</summary>
    public static async Task<string> IsAsync(HttpStatusCode status, string kind, HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(status == response.StatusCode, $"{response.StatusCode}: {body}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = JsonDocument.Parse(body).RootElement;
        Assert.Equal(Problems.Type(kind), problem.GetProperty("type").GetString());
        Assert.Equal((int)status, problem.GetProperty("status").GetInt32());
        return body;
    }
}
