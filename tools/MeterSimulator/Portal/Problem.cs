using System.Text.Json;

namespace MeterSimulator.Portal;

/// <summary>What a server said when it refused, in one line.</summary>
internal static class Problem
{
    private const int LongestText = 300;
    private const int LongestBody = 64 * 1024;

    public static async Task<string> ReadAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        var status = $"{(int)response.StatusCode} {response.ReasonPhrase}".TrimEnd();
        string body;
        try
        {
            await response.Content.LoadIntoBufferAsync(LongestBody, cancellation);
            body = await response.Content.ReadAsStringAsync(cancellation);
        }
        catch (HttpRequestException)
        {
            return status; // longer than an explanation can be, or cut off
        }

        var said = Said(body).ReplaceLineEndings(" ").Trim();
        if (said.Length > LongestText) said = said[..LongestText] + "…";
        return said.Length == 0 ? status : $"{status}: {said}";
    }

    // {"type":"…","title":"…","status":400,"detail":"…","errors":{"name":["…"]}}
    private static string Said(string body)
    {
        if (!body.AsSpan().TrimStart().StartsWith("{")) return body.Contains("<html", StringComparison.OrdinalIgnoreCase) ? "" : body;
        try
        {
            using var json = JsonDocument.Parse(body);
            var parts = new List<string>();
            foreach (var name in (ReadOnlySpan<string>)["title", "detail"])
            {
                if (json.RootElement.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String) parts.Add(text.GetString()!);
            }

            if (json.RootElement.TryGetProperty("errors", out var errors)) parts.Add(errors.GetRawText());
            return parts.Count > 0 ? string.Join(" ", parts) : body;
        }
        catch (JsonException)
        {
            return body;
        }
    }
}
