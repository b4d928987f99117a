using System.Text.RegularExpressions;

namespace Portal.ServiceDefaults;

/// <summary>Recognises what must never be written down: ingest keys, fleet tokens and secrets in a query string.</summary>
public static partial class Secrets
{
    private const string Mark = "[redacted]";

    /// <summary>
    /// <paramref name="text"/> without secrets: <c>/api/ingest/acuvim?key=pik_AbC…</c> becomes
    /// <c>/api/ingest/acuvim?key=[redacted]</c>.
    /// </summary>
    public static string Redact(string text)
    {
        if (text.Contains("key=", StringComparison.OrdinalIgnoreCase) || text.Contains("token=", StringComparison.OrdinalIgnoreCase)
            || text.Contains("password=", StringComparison.OrdinalIgnoreCase) || text.Contains("code=", StringComparison.OrdinalIgnoreCase))
        {
            text = InQuery().Replace(text, "$1" + Mark);
        }

        return text.Contains("pik_", StringComparison.Ordinal) || text.Contains("pft_", StringComparison.Ordinal) || text.Contains("pal_", StringComparison.Ordinal)
            ? ByPrefix().Replace(text, "$1" + Mark)
            : text;
    }

    // Meters send their key as ?key=, since their web page can't set headers; code and the tokens are OpenID Connect's.
    [GeneratedRegex(@"([?&](?:key|code|password|[a-z_]*token)=)[^&\s""'\\]+", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex InQuery();

    // pik_ (ingest key), pft_ (fleet token) and pal_ (account link), however they got into a text. Shorter ones are the public prefix of a key.
    [GeneratedRegex("(pik_|pft_|pal_)[A-Za-z0-9_-]{12,}", RegexOptions.CultureInvariant)]
    private static partial Regex ByPrefix();
}
