using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Portal.Gateway.Tls;

/// <summary>Why a file of the certificates' folder is not used.</summary>
internal sealed record CertificateFault(string File, string Reason);

/// <summary>All certificates in use, and what was refused. Never changed, only replaced by the next one.</summary>
internal sealed class CertificateSet
{
    private readonly FrozenDictionary<string, Certificate> byName;

    public CertificateSet(ImmutableSortedDictionary<string, Certificate> files, ImmutableArray<CertificateFault> faults)
    {
        (Files, Faults) = (files, faults);
        // Of two for one name the one that was issued later: a renewal under another file name.
        byName = files.Values.OrderBy(certificate => certificate.NotBefore).ThenBy(certificate => certificate.File, StringComparer.Ordinal)
            .SelectMany(certificate => certificate.Names.Select(name => (name, certificate)))
            .GroupBy(entry => entry.name, entry => entry.certificate)
            .ToFrozenDictionary(group => group.Key, group => group.Last(), StringComparer.Ordinal);
    }

    public static CertificateSet Empty { get; } = new(ImmutableSortedDictionary.Create<string, Certificate>(StringComparer.Ordinal), []);

    /// <summary>By the file of the certificate.</summary>
    public ImmutableSortedDictionary<string, Certificate> Files { get; }

    public ImmutableArray<CertificateFault> Faults { get; }

    /// <summary>
    /// The certificate for a host: one with exactly its name, else one with <c>*</c> in the place of its first label. Null where there is
    /// none, also for a client that names no host: whoever asks by address learns no customer's name.
    /// </summary>
    public Certificate? Find(string? host)
    {
        if (string.IsNullOrEmpty(host)) return null;
        var name = host.ToLowerInvariant();
        if (byName.TryGetValue(name, out var exact)) return exact;
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 ? null : byName.GetValueOrDefault("*" + name[dot..]);
    }
}
