using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Portal.Api.Auth;

/// <summary>Codes of authenticator apps: RFC 6238 with the defaults that every app knows, SHA-1, 30 seconds, six digits.</summary>
internal static class Totp
{
    private const int StepSeconds = 30;
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /// <summary>A phone's clock may be off by this many steps.</summary>
    private const int Tolerance = 1;

    /// <summary>The step that a code is of, around an instant; null: of none.</summary>
    /// <param name="key">Base 32 (RFC 4648), as the app has it.</param>
    public static long? StepOf(string key, string code, DateTimeOffset at)
    {
        if (code.Length != 6 || !code.All(char.IsAsciiDigit)) return null;
        var bytes = Decode(key);
        var now = at.ToUnixTimeSeconds() / StepSeconds;
        for (var step = now - Tolerance; step <= now + Tolerance; step++)
        {
            if (CryptographicOperations.FixedTimeEquals(System.Text.Encoding.ASCII.GetBytes(Code(bytes, step)), System.Text.Encoding.ASCII.GetBytes(code))) return step;
        }

        return null;
    }

    private static string Code(byte[] key, long step)
    {
        Span<byte> message = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(message, step);
#pragma warning disable CA5350 // authenticator apps know nothing newer
        var hash = HMACSHA1.HashData(key, message);
#pragma warning restore CA5350
        // RFC 4226 §5.3: four bytes from where the last one's low bits point.
        var code = BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(hash[^1] & 15)) & int.MaxValue;
        return (code % 1_000_000).ToString("000000", System.Globalization.CultureInfo.InvariantCulture);
    }

    private static byte[] Decode(string text)
    {
        var bytes = new List<byte>(text.Length * 5 / 8);
        var (bits, count) = (0, 0);
        foreach (var letter in text.TrimEnd('='))
        {
            (bits, count) = ((bits << 5) | Alphabet.IndexOf(letter, StringComparison.Ordinal), count + 5);
            if (count < 8) continue;
            count -= 8;
            bytes.Add((byte)(bits >> count));
            bits &= (1 << count) - 1;
        }

        return [.. bytes];
    }
}
