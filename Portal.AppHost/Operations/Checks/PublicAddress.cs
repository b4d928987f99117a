using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace Portal.AppHost.Operations.Checks;

/// <summary>Asks a stack as people do: by its host name, through whatever stands before it.</summary>
/// <param name="resolve">Where to connect to in place of what the name leads to; null: what it leads to.</param>
/// <param name="authorities">Certificates that are believed besides this host's own, such as a company's; null: none.</param>
internal sealed class PublicAddress(IPEndPoint? resolve, X509Certificate2Collection? authorities)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    /// <summary>What a question brought.</summary>
    /// <param name="Status">The answer's status; null: none came.</param>
    /// <param name="Said">The beginning of what it said, or why none came.</param>
    /// <param name="CertificateEnds">Null where no certificate was shown.</param>
    /// <param name="Distrusted">Why the certificate is not believed; null where it is.</param>
    /// <param name="Unknown">Whether the host name leads nowhere.</param>
    internal sealed record Answer(HttpStatusCode? Status, string Said, DateTimeOffset? CertificateEnds, string? Distrusted, bool Unknown);

    /// <summary>Where it connects to instead of what the name leads to.</summary>
    public IPEndPoint? Resolve => resolve;

    /// <summary>The same, connecting there.</summary>
    public PublicAddress At(IPEndPoint there) => new(there, authorities);

    /// <summary>A way to ask it more than once, with cookies.</summary>
    public SocketsHttpHandler Handler()
    {
        var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false };
        if (resolve is not null) handler.ConnectCallback = (_, token) => ConnectAsync(resolve, token);
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, chain, errors) => Why(certificate as X509Certificate2, chain, errors) is null;
        return handler;
    }

    /// <summary>Asks once. A certificate that is not believed is reported, and nothing is sent.</summary>
    public async Task<Answer> AskAsync(Uri url, CancellationToken cancel)
    {
        DateTimeOffset? ends = null;
        string? distrusted = null;
        using var handler = Handler();
        handler.UseCookies = false;
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
        {
            if (certificate is X509Certificate2 shown) ends = new DateTimeOffset(shown.NotAfter.ToUniversalTime(), TimeSpan.Zero);
            distrusted = Why(certificate as X509Certificate2, chain, errors);
            return distrusted is null;
        };
        using var http = new HttpClient(handler) { Timeout = Limit };
        try
        {
            using var answer = await http.GetAsync(url, cancel);
            var text = (await answer.Content.ReadAsStringAsync(cancel)).Split('\n')[0];
            return new(answer.StatusCode, $"{(int)answer.StatusCode} {(text.Length > 80 ? $"{text[..80]}…" : text)}".Trim(), ends, distrusted, false);
        }
        catch (HttpRequestException e)
        {
            return new(null, e.InnerException?.Message ?? e.Message, ends, distrusted, e.HttpRequestError == HttpRequestError.NameResolutionError);
        }
        catch (TaskCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new(null, $"no answer within {Limit.TotalSeconds:0} s", ends, distrusted, false);
        }
    }

    private static async ValueTask<Stream> ConnectAsync(IPEndPoint to, CancellationToken cancel)
    {
        var socket = new Socket(to.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(to, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private string? Why(X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None) return null;
        if (certificate is null) return "no certificate is shown for this name";
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)) return $"the certificate is another name's ({certificate.GetNameInfo(X509NameType.DnsName, false)})";
        if (authorities is null || chain is null) return string.Join(" ", chain?.ChainStatus.Select(status => status.StatusInformation.Trim()).Distinct() ?? ["it is not believed"]);
        using var own = new X509Chain();
        own.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        own.ChainPolicy.CustomTrustStore.AddRange(authorities);
        own.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        foreach (var element in chain.ChainElements) own.ChainPolicy.ExtraStore.Add(element.Certificate);
        return own.Build(certificate) ? null : string.Join(" ", own.ChainStatus.Select(status => status.StatusInformation.Trim()).Distinct());
    }
}
