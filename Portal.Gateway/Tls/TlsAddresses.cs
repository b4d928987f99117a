using Microsoft.AspNetCore.Hosting.Server;

namespace Portal.Gateway.Tls;

/// <summary>Ports of the <c>https</c> addresses of <c>ASPNETCORE_URLS</c>.</summary>
internal sealed class TlsAddresses(IConfiguration configuration)
{
    private readonly HashSet<int> ports =
    [
        .. (configuration[WebHostDefaults.ServerUrlsKey] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(BindingAddress.Parse).Where(address => address.Scheme.Equals("https", StringComparison.OrdinalIgnoreCase)).Select(address => address.Port),
    ];

    /// <summary>Whether this gateway ends TLS at all.</summary>
    public bool Any => ports.Count > 0;

    public bool Contains(int port) => ports.Contains(port);
}
