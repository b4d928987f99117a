using Microsoft.Extensions.Options;
using Portal.Gateway.Folders;

namespace Portal.Gateway.Tls;

/// <summary>
/// Keeps the certificates like the folder. The first reading is done before the gateway listens; on shutdown the loop ends
/// between two readings. Handshakes take the set that is current when they begin, connections keep theirs.
/// </summary>
internal sealed class CertificateWatch(
    CertificateFolder folder, Certificates certificates, TlsAddresses addresses, IOptions<TlsOptions> options, IOptions<GatewayOptions> gateway,
    TimeProvider time, ILogger<CertificateWatch> logger) : BackgroundService
{
    // An ACME client replaces certificate and key one after the other: what doesn't go together yet may in a moment.
    private static readonly TimeSpan SecondLook = TimeSpan.FromMilliseconds(500);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!addresses.Any) return;
        await ReadAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var watch = new FolderWatch(options.Value.CertificatesPath, withSubfolders: true, gateway.Value.PollInterval, time, logger);
        await foreach (var _ in watch.DueAsync(stoppingToken)) await ReadAsync(stoppingToken);
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        var before = certificates.Current;
        var after = await folder.ReadAsync(before, cancellationToken);
        if (after.Faults.Except(before.Faults).Any())
        {
            await Task.Delay(SecondLook, time, cancellationToken);
            after = await folder.ReadAsync(before, cancellationToken);
        }

        foreach (var fault in after.Faults.Except(before.Faults))
        {
            logger.LogError("Refused certificate {File}: it {Reason}. {Consequence}", fault.File, fault.Reason,
                after.Files.ContainsKey(fault.File) ? "The one that was in use stays" : "Nobody is answered with it until it is mended");
        }

        foreach (var (file, certificate) in after.Files)
        {
            if (before.Files.GetValueOrDefault(file)?.Hash != certificate.Hash)
                logger.LogInformation("Certificate {File} is for {Names} until {NotAfter:u}", file, string.Join(", ", certificate.Names), certificate.NotAfter.UtcDateTime);
        }

        foreach (var file in before.Files.Keys)
            if (!after.Files.ContainsKey(file)) logger.LogInformation("Certificate {File} is gone", file);

        certificates.Current = after;
    }
}

/// <summary>The certificates in use.</summary>
internal sealed class Certificates
{
    private volatile CertificateSet current = CertificateSet.Empty;

    /// <summary>Set by the folder's one reading loop only.</summary>
    public CertificateSet Current
    {
        get => current;
        set => current = value;
    }
}
