using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Portal.Domain.Keys;

/// <summary>
/// The form of every secret the portal hands out, e.g. <c>pik_4mZr…</c>: a start that says what it is, 43 random characters of
/// 0–9 A–Z a–z (62⁴³ &gt; 2²⁵⁶), and a CRC-32 of all before it as six more. Start and checksum let secret scanners and log
/// redaction recognise a key without asking the database, and a mistyped key be refused without a look-up.
/// </summary>
/// <remarks>Shown once and kept only as <see cref="Hash"/>. A plain SHA-256 is enough: nothing of 256 random bits can be guessed.</remarks>
internal static class KeyForm
{
    public const int StartLength = 4;
    public const int Length = StartLength + RandomLength + ChecksumLength;
    public const int PrefixLength = 8;

    private const int RandomLength = 43;
    private const int ChecksumLength = 6; // 62⁶ > 2³²
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static readonly SearchValues<char> AlphabetSet = SearchValues.Create(Alphabet);

    public static string Generate(string start)
    {
        var body = start + RandomNumberGenerator.GetString(Alphabet, RandomLength);
        return body + Checksum(body);
    }

    public static bool TryParse(string start, ReadOnlySpan<char> text, [NotNullWhen(true)] out string? key)
    {
        key = null;
        text = text.Trim();
        if (text.Length != Length || !text.StartsWith(start, StringComparison.Ordinal) || text[StartLength..].ContainsAnyExcept(AlphabetSet))
        {
            return false;
        }

        if (!text[^ChecksumLength..].SequenceEqual(Checksum(text[..^ChecksumLength])))
        {
            return false;
        }

        key = text.ToString();
        return true;
    }

    public static byte[] Hash(string key) => SHA256.HashData(Encoding.ASCII.GetBytes(key));

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
