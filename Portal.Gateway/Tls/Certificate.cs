using System.Collections.Immutable;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Portal.Gateway.Tls;

/// <summary>A certificate with its key and chain, ready for handshakes.</summary>
/// <param name="File">The file it came from, relative to the folder.</param>
/// <param name="Hash">Of certificate and key file together: another hash is another pair.</param>
/// <param name="Names">DNS names it is for, in lower case; <c>*.example.com</c> among them.</param>
internal sealed record Certificate(
    string File, string Hash, ImmutableArray<string> Names, DateTimeOffset NotBefore, DateTimeOffset NotAfter, SslStreamCertificateContext Context)
{
    /// <summary>
    /// Reads a pair. The certificate's own comes first in its file, those that lead to the authority after it:
    /// <c>fullchain.pem</c> of certbot, <c>NAME.crt</c> of lego.
    /// </summary>
    /// <exception cref="CertificateException">Why it can't be used, as an end of the sentence "it …".</exception>
    public static Certificate Read(string file, ReadOnlySpan<byte> chainPem, ReadOnlySpan<byte> keyPem, DateTimeOffset now)
    {
        var chain = new X509Certificate2Collection();
        try
        {
            chain.ImportFromPem(Encoding.ASCII.GetString(chainPem));
        }
        catch (CryptographicException unreadable)
        {
            throw new CertificateException($"can't be read: {unreadable.Message}");
        }

        if (chain.Count == 0) throw new CertificateException("has no certificate (-----BEGIN CERTIFICATE-----) in it");
        var own = WithKey(chain[0], Encoding.ASCII.GetString(keyPem));
        var names = own.Extensions.OfType<X509SubjectAlternativeNameExtension>()
            .SelectMany(extension => extension.EnumerateDnsNames()).Select(name => name.ToLowerInvariant()).Distinct().Order(StringComparer.Ordinal).ToImmutableArray();
        if (names.Length == 0) throw new CertificateException("is for no host name (it has no DNS name among its subject alternative names)");

        var (from, to) = (new DateTimeOffset(own.NotBefore), new DateTimeOffset(own.NotAfter));
        if (now >= to) throw new CertificateException(FormattableString.Invariant($"expired at {to.UtcDateTime:u}"));
        // An authority's clock and ours differ.
        if (now < from - TimeSpan.FromMinutes(5)) throw new CertificateException(FormattableString.Invariant($"is not valid before {from.UtcDateTime:u}"));

        // Offline: a missing intermediate is not downloaded during somebody's handshake.
        return new Certificate(file, HashOf(chainPem, keyPem), names, from, to, SslStreamCertificateContext.Create(own, [.. chain.Skip(1)], offline: true));
    }

    public static string HashOf(ReadOnlySpan<byte> chainPem, ReadOnlySpan<byte> keyPem) =>
        Convert.ToHexString(SHA256.HashData([.. SHA256.HashData(chainPem), .. SHA256.HashData(keyPem)]));

    private static X509Certificate2 WithKey(X509Certificate2 certificate, string keyPem)
    {
        try
        {
            var pair = X509Certificate2.CreateFromPem(certificate.ExportCertificatePem(), keyPem);
            // Windows can't shake hands with a key that is in memory alone.
            return OperatingSystem.IsWindows() ? X509CertificateLoader.LoadPkcs12(pair.Export(X509ContentType.Pkcs12), null) : pair;
        }
        catch (Exception refused) when (refused is CryptographicException or ArgumentException)
        {
            // The message quotes nothing of the key.
            throw new CertificateException($"does not go with its key: {refused.Message}");
        }
    }
}

/// <summary>Why a pair can't be used.</summary>
internal sealed class CertificateException(string reason) : Exception(reason);
