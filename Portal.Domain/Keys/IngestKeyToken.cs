using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Portal.Domain.Keys;

/// <summary>
/// The secret a meter or logger shows to be let in, e.g. <c>pik_4mZr…</c>: <see cref="Start"/>, 43 random characters of 0–9 A–Z a–z
/// (62⁴³ &gt; 2²⁵⁶), and a CRC-32 of all before it as six more. Start and checksum let secret scanners and log redaction recognise
/// a key without asking the database, and a mistyped key be refused without a look-up.
/// </summary>
/// <remarks>Shown once and kept only as <see cref="Hash"/>. A plain SHA-256 is enough: nothing of 256 random bits can be guessed.</remarks>
public sealed class IngestKeyToken
{
    /// <summary>What every ingest key starts with.</summary>
    public const string Start = "pik_";

    /// <summary>Characters of a whole key.</summary>
    public const int Length = 4 + RandomLength + ChecksumLength;

    private const int RandomLength = 43;
    private const int ChecksumLength = 6; // 62⁶ > 2³²
    private const int PrefixLength = 8;
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static readonly SearchValues<char> AlphabetSet = SearchValues.Create(Alphabet);

    private readonly string key;

    private IngestKeyToken(string key) => this.key = key;

    /// <summary>The first eight characters, by which people tell their keys apart; they reveal 24 of 256 bits.</summary>
    public string Prefix => key[..PrefixLength];

    /// <summary>A new key from the system's cryptographic random source.</summary>
    public static IngestKeyToken Generate()
    {
        var body = Start + RandomNumberGenerator.GetString(Alphabet, RandomLength);
        return new IngestKeyToken(body + Checksum(body));
    }

    /// <summary>
    /// Reads a key as posted, surrounding white space ignored. False where it can't be one: wrong start, length, alphabet or checksum.
    /// True says nothing about whether it was ever issued.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out IngestKeyToken? token)
    {
        token = null;
        text = text.Trim();
        if (text.Length != Length || !text.StartsWith(Start, StringComparison.Ordinal) || text[Start.Length..].ContainsAnyExcept(AlphabetSet))
        {
            return false;
        }

        if (!text[^ChecksumLength..].SequenceEqual(Checksum(text[..^ChecksumLength])))
        {
            return false;
        }

        token = new IngestKeyToken(text.ToString());
        return true;
    }

    /// <summary>SHA-256 of the whole key's ASCII bytes, 32 bytes: what is stored and looked up.</summary>
    public byte[] Hash() => SHA256.HashData(Encoding.ASCII.GetBytes(key));

    /// <summary>The key itself, for the one answer that shows it. Never log it.</summary>
    public string Reveal() => key;

    /// <summary>The prefix alone, so that a key in a log line or an exception gives nothing away.</summary>
    public override string ToString() => Prefix + "…";

    private static string Checksum(ReadOnlySpan<char> body)
    {
        // CRC-32 as in zip and PNG (polynomial 0xEDB88320, reflected), bit by bit: 47 characters need no table.
        var crc = uint.MaxValue;
        foreach (var c in body)
        {
            crc ^= c;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ (0xEDB88320u & (0u - (crc & 1)));
            }
        }

        crc = ~crc;
        Span<char> digits = stackalloc char[ChecksumLength];
        for (var i = ChecksumLength - 1; i >= 0; i--)
        {
            digits[i] = Alphabet[(int)(crc % (uint)Alphabet.Length)];
            crc /= (uint)Alphabet.Length;
        }

        return new string(digits);
    }
}
