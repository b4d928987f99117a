using System.Collections.Immutable;
using Microsoft.Extensions.Options;

namespace Portal.Gateway.Tls;

/// <summary>
/// Reads the folder of certificates, two levels of folders below it included:
/// <code>
/// live/abc0001.example.com/fullchain.pem, privkey.pem       certbot
/// certificates/_.example.com.crt, _.example.com.key         lego; the .issuer.crt beside it has no key and is none of ours
/// abc0001/tls.crt, tls.key                                  a mounted Kubernetes secret
/// NAME.pem, NAME.key                                        by hand
/// </code>
/// What can't be read is a fault, never an empty folder.
/// </summary>
internal sealed class CertificateFolder(IOptions<TlsOptions> options, TimeProvider time)
{
    /// <summary>One for each of the stacks that a gateway serves; more than this is a mistake.</summary>
    private const int MaxPairs = 1000;

    /// <summary>A chain of four certificates takes 8 KiB.</summary>
    private const int MaxBytes = 256 * 1024;

    private static readonly EnumerationOptions Search = new() { RecurseSubdirectories = true, MaxRecursionDepth = 2, AttributesToSkip = FileAttributes.None };

    /// <summary>The set after <paramref name="current"/>. A pair that was refused keeps the one that was in use under its name.</summary>
    public async Task<CertificateSet> ReadAsync(CertificateSet current, CancellationToken cancellationToken)
    {
        var root = options.Value.CertificatesPath;
        var files = ImmutableSortedDictionary.CreateBuilder<string, Certificate>(StringComparer.Ordinal);
        List<CertificateFault> faults = [];
        try
        {
            var pairs = Pairs(root);
            foreach (var (name, chain, _) in pairs.Skip(MaxPairs)) faults.Add(new CertificateFault(name, $"is beyond the {MaxPairs} pairs that are read"));
            foreach (var (name, chain, key) in pairs.Take(MaxPairs))
            {
                var former = current.Files.GetValueOrDefault(name);
                try
                {
                    files[name] = await ReadPairAsync(name, chain, key, former, cancellationToken);
                }
                catch (Exception refused) when (refused is CertificateException or IOException or UnauthorizedAccessException)
                {
                    faults.Add(new CertificateFault(name, refused is CertificateException ? refused.Message : $"can't be read: {refused.Message}"));
                    if (former is not null) files[name] = former;
                }
            }
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            // An unmounted folder is no order to take every host off the air.
            return new CertificateSet(current.Files, [new CertificateFault(root, $"can't be read: {unreadable.Message}")]);
        }

        return new CertificateSet(files.ToImmutable(), [.. faults]);
    }

    private async Task<Certificate> ReadPairAsync(string name, string chain, string key, Certificate? former, CancellationToken cancellationToken)
    {
        var chainPem = await ReadAsync(chain, cancellationToken);
        var keyPem = await ReadAsync(key, cancellationToken);
        return former?.Hash == Certificate.HashOf(chainPem, keyPem) ? former : Certificate.Read(name, chainPem, keyPem, time.GetUtcNow());
    }

    private static async Task<byte[]> ReadAsync(string path, CancellationToken cancellationToken)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        if (file.Length > MaxBytes) throw new CertificateException($"is larger than {MaxBytes / 1024} KiB");
        var content = new byte[file.Length];
        await file.ReadExactlyAsync(content, cancellationToken);
        return content;
    }

    /// <summary>Certificates that have a key beside them.</summary>
    private static List<(string Name, string Chain, string Key)> Pairs(string root)
    {
        var all = Directory.EnumerateFiles(root, "*", Search)
            .Where(path => !Path.GetRelativePath(root, path).Split(Path.DirectorySeparatorChar).Any(part => part.StartsWith('.')))
            .ToHashSet(StringComparer.Ordinal);
        return
        [
            .. from path in all
               let key = KeyOf(path)
               where key is not null && all.Contains(key)
               orderby path
               select (Path.GetRelativePath(root, path).Replace('\\', '/'), path, key),
        ];
    }

    private static string? KeyOf(string path) => Path.GetFileName(path) == "fullchain.pem"
        ? Path.Combine(Path.GetDirectoryName(path)!, "privkey.pem")
        : Path.GetExtension(path) is ".crt" or ".pem" ? Path.ChangeExtension(path, ".key") : null;
}
