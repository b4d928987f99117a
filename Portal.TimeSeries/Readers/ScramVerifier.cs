using System.Security.Cryptography;
using System.Text;

namespace Portal.TimeSeries.Readers;

/// <summary>
/// What PostgreSQL stores of a password (RFC 5802, RFC 7677), made here: so neither the server's log nor its statistics of statements ever
/// see the password itself.
/// </summary>
internal static class ScramVerifier
{
    /// <summary>PostgreSQL's own number of rounds. A random password of 16 characters and more needs no others.</summary>
    private const int Rounds = 4096;

    /// <param name="password">ASCII, which needs no normalisation.</param>
    public static string Of(string password) => Of(password, RandomNumberGenerator.GetBytes(16));

    internal static string Of(string password, byte[] salt)
    {
        var salted = Rfc2898DeriveBytes.Pbkdf2(Encoding.ASCII.GetBytes(password), salt, Rounds, HashAlgorithmName.SHA256, SHA256.HashSizeInBytes);
        var stored = SHA256.HashData(HMACSHA256.HashData(salted, "Client Key"u8));
        var server = HMACSHA256.HashData(salted, "Server Key"u8);
        return $"SCRAM-SHA-256${Rounds}:{Convert.ToBase64String(salt)}${Convert.ToBase64String(stored)}:{Convert.ToBase64String(server)}";
    }
}
