using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;

namespace Portal.Api.Requests;

/// <summary>
/// Where the next page starts: the key of the last row given. Rows added or removed meanwhile neither repeat nor skip others.
/// Opaque to callers, who only send it back.
/// </summary>
internal static class Cursor
{
    // Two keys of at most 256 characters, as JSON in base64.
    private const int MaxLength = 2_048;

    public static string Encode(params string[] keys) => WebEncoders.Base64UrlEncode(JsonSerializer.SerializeToUtf8Bytes(keys));

    /// <returns>The keys, or null where this is no cursor of ours with so many keys.</returns>
    public static string[]? Decode(string text, int count)
    {
        if (text.Length > MaxLength) return null;
        try
        {
            var keys = JsonSerializer.Deserialize<string[]>(WebEncoders.Base64UrlDecode(text));
            return keys?.Length == count && Array.TrueForAll(keys, key => key?.Contains('\0', StringComparison.Ordinal) == false) ? keys : null;
        }
        catch (Exception exception) when (exception is FormatException or JsonException)
        {
            return null;
        }
    }
}
