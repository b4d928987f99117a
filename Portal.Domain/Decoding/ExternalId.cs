using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Portal.Domain.Decoding;

/// <summary>A device's identity outside the portal: its serial number, compared character by character.</summary>
public static class ExternalId
{
    /// <summary>Most characters after trimming.</summary>
    public const int MaxLength = 64;

    /// <summary>The id without surrounding white space; false where nothing is left, it is too long or has control characters.</summary>
    public static bool TryNormalize(string? text, [NotNullWhen(true)] out string? externalId)
    {
        var trimmed = Trim(text);
        externalId = IsValid(trimmed) ? trimmed.ToString() : null;
        return externalId is not null;
    }

    /// <summary>The same for the bytes of a post, without allocating: <paramref name="id"/> is a part of <paramref name="buffer"/>.</summary>
    internal static bool TryNormalize(ReadOnlySpan<byte> utf8, Span<char> buffer, out ReadOnlySpan<char> id)
    {
        id = [];
        if (utf8.Length > buffer.Length)
        {
            return false;
        }

        id = Trim(buffer[..Encoding.UTF8.GetChars(utf8, buffer)]);
        return IsValid(id);
    }

    /// <summary>What an answer or a list shows of text that came from outside: cut to 64 characters, control characters replaced; empty for null.</summary>
    public static string Display(string? text)
    {
        var trimmed = text?.Trim() ?? "";
        var shown = trimmed.Length <= MaxLength ? trimmed : trimmed[..(MaxLength - 1)] + "…";
        return string.Create(shown.Length, shown, static (target, source) =>
        {
            for (var i = 0; i < source.Length; i++)
            {
                target[i] = char.IsControl(source[i]) || char.IsSurrogate(source[i]) ? '\uFFFD' : source[i];
            }
        });
    }

    /// <summary>The same for the bytes of a post.</summary>
    internal static string Display(ReadOnlySpan<byte> utf8) =>
        // A character takes at most four bytes of UTF-8.
        Display(Encoding.UTF8.GetString(utf8[..Math.Min(utf8.Length, (MaxLength + 1) * 4)]));

    private static ReadOnlySpan<char> Trim(ReadOnlySpan<char> text) => text.Trim();

    private static bool IsValid(ReadOnlySpan<char> id)
    {
        if (id.Length is 0 or > MaxLength)
        {
            return false;
        }

        foreach (var c in id)
        {
            if (char.IsControl(c))
            {
                return false;
            }
        }

        return true;
    }
}
