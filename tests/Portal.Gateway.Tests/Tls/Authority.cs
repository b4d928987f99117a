using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Portal.Gateway.Tests.Tls;

/// <summary>
/// An authority with a root and an intermediate, as public ones are, and its certificates in the files that ACME clients leave behind.
/// </summary>
internal static class Authority
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    /// <summary>What a client trusts.</summary>
    public static X509Certificate2 Root { get; } = Own("CN=Test Root", null);

    private static X509Certificate2 Intermediate { get; } = Own("CN=Test Intermediate", Root);

    public static string NewFolder() => Directory.CreateTempSubdirectory("portal-certificates-").FullName;

    /// <summary>A pair for these names: its own certificate alone, and its key.</summary>
    public static Pair Issue(params string[] names) => Issue(Now.AddDays(-1), Now.AddDays(89), names);

    public static Pair Issue(DateTimeOffset from, DateTimeOffset to, params string[] names)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={names.FirstOrDefault() ?? "nobody"}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false));
        if (names.Length > 0)
        {
            var alternatives = new SubjectAlternativeNameBuilder();
            foreach (var name in names) alternatives.AddDnsName(name);
            request.CertificateExtensions.Add(alternatives.Build());
        }

        using var signed = request.Create(Intermediate, from, to, RandomNumberGenerator.GetBytes(16));
        return new Pair(signed.ExportCertificatePem(), Intermediate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem(), signed.SerialNumber);
    }

    /// <summary>
    /// As certbot does it: <c>archive/NAME/fullchain3.pem</c>, and links to the newest in <c>live/NAME</c>, replaced one by one.
    /// </summary>
    public static void WriteAsCertbot(string folder, string name, int version, Pair pair)
    {
        var archive = Directory.CreateDirectory(Path.Combine(folder, "archive", name)).FullName;
        var live = Directory.CreateDirectory(Path.Combine(folder, "live", name)).FullName;
        foreach (var (file, content) in new[]
        {
            ("cert", pair.Certificate), ("privkey", pair.Key), ("chain", pair.Chain), ("fullchain", $"{pair.Certificate}\n{pair.Chain}\n"),
        })
        {
            File.WriteAllText(Path.Combine(archive, $"{file}{version}.pem"), content);
            var link = Path.Combine(live, $"{file}.pem");
            File.Delete(link);
            File.CreateSymbolicLink(link, Path.Combine("..", "..", "archive", name, $"{file}{version}.pem"));
        }

        File.WriteAllText(Path.Combine(live, "README"), "This directory contains your keys and certificates.");
    }

    /// <summary>As lego does it: everything in <c>certificates/</c>, written over in place.</summary>
    public static void WriteAsLego(string folder, string name, Pair pair)
    {
        var certificates = Directory.CreateDirectory(Path.Combine(folder, "certificates")).FullName;
        var file = Path.Combine(certificates, name.Replace('*', '_'));
        File.WriteAllText(file + ".crt", $"{pair.Certificate}\n{pair.Chain}\n");
        File.WriteAllText(file + ".issuer.crt", pair.Chain);
        File.WriteAllText(file + ".key", pair.Key);
        File.WriteAllText(file + ".json", """{ "domain": "example.com" }""");
    }

    /// <summary>As a Kubernetes secret is mounted: a link into a folder that is swapped.</summary>
    public static void WriteAsSecret(string folder, string name, Pair pair)
    {
        var secret = Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
        var data = Directory.CreateDirectory(Path.Combine(secret, $"..{Guid.NewGuid():n}")).Name;
        File.WriteAllText(Path.Combine(secret, data, "tls.crt"), $"{pair.Certificate}\n{pair.Chain}\n");
        File.WriteAllText(Path.Combine(secret, data, "tls.key"), pair.Key);
        var current = Path.Combine(secret, "..data");
        if (Directory.Exists(current)) Directory.Delete(current);
        Directory.CreateSymbolicLink(current, data);
        foreach (var file in new[] { "tls.crt", "tls.key" }.Where(file => !File.Exists(Path.Combine(secret, file))))
            File.CreateSymbolicLink(Path.Combine(secret, file), Path.Combine("..data", file));
    }

    private static X509Certificate2 Own(string name, X509Certificate2? issuer)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        var (from, to) = (Now.AddYears(-1), Now.AddYears(1));
        return issuer is null
            ? request.CreateSelfSigned(from, to)
            : request.Create(issuer, from, to, RandomNumberGenerator.GetBytes(16)).CopyWithPrivateKey(key);
    }
}

/// <summary>PEM texts of a certificate, of its issuer, and of its key.</summary>
internal sealed record Pair(string Certificate, string Chain, string Key, string Serial);
