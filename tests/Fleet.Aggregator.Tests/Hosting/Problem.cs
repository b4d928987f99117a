using System.Net;
using System.Text.Json.Nodes;

namespace Fleet.Aggregator.Tests;

/// <summary>Checks an answer that is a problem.</summary>
internal static class Problem
{
    /// <returns>The problem's detail.</returns>
    public static async Task<string> AssertAsync(HttpResponseMessage response, HttpStatusCode status, string kind, string? field = null)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(status == response.StatusCode, $"{(int)response.StatusCode} instead of {(int)status}: {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = JsonNode.Parse(text)!;
        Assert.EndsWith("/problems/" + kind, (string)problem["type"]!, StringComparison.Ordinal);
        Assert.Equal((int)status, (int)problem["status"]!);
        Assert.False(string.IsNullOrWhiteSpace((string?)problem["title"]));
        if (field is not null)
        {
            Assert.True(problem["errors"]?[field] is not null, $"No error of {field}: {text}");
        }

        return (string?)problem["detail"] ?? "";
    }
}
