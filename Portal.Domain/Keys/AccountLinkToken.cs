using System.Diagnostics.CodeAnalysis;

namespace Portal.Domain.Keys;

/// <summary>The secret in a link with which somebody chooses the password of an account, once: <c>pal_…</c>. Its form and checksum: <see cref="KeyForm"/>.</summary>
public sealed class AccountLinkToken
{
    /// <summary>What every one of these starts with.</summary>
    public const string Start = "pal_";

    /// <summary>Characters of a whole one.</summary>
    public const int Length = KeyForm.Length;

    private readonly string key;

    private AccountLinkToken(string key) => this.key = key;

    /// <summary>The first eight characters, by which people tell them apart; they reveal 24 of 256 bits.</summary>
    public string Prefix => key[..KeyForm.PrefixLength];

    /// <summary>A new one from the system's cryptographic random source.</summary>
    public static AccountLinkToken Generate() => new(KeyForm.Generate(Start));

    /// <summary>
    /// Reads one as posted, surrounding white space ignored. False where it can't be one: wrong start, length, alphabet or checksum.
    /// True says nothing about whether it was ever issued.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out AccountLinkToken? token)
    {
        token = KeyForm.TryParse(Start, text, out var key) ? new AccountLinkToken(key) : null;
        return token is not null;
    }

    /// <summary>SHA-256 of the whole key's ASCII bytes, 32 bytes: what is stored and looked up.</summary>
    public byte[] Hash() => KeyForm.Hash(key);

    /// <summary>The secret itself, for the one answer that shows it. Never log it.</summary>
    public string Reveal() => key;

    /// <summary>The prefix alone, so that a secret in a log line or an exception gives nothing away.</summary>
    public override string ToString() => Prefix + "…";
}
