using System.Net;
using System.Net.Sockets;

namespace Portal.Ingest.FleetPush;

/// <summary>What belongs to this machine or a private network: only there a token may travel over plain http.</summary>
internal static class PrivateNetwork
{
    private static readonly IPNetwork[] Networks =
    [
        IPNetwork.Parse("127.0.0.0/8"),
        IPNetwork.Parse("10.0.0.0/8"),
        IPNetwork.Parse("172.16.0.0/12"),
        IPNetwork.Parse("192.168.0.0/16"),
        IPNetwork.Parse("169.254.0.0/16"),
        IPNetwork.Parse("100.64.0.0/10"), // RFC 6598, what overlay networks use
        IPNetwork.Parse("::1/128"),
        IPNetwork.Parse("fc00::/7"),
        IPNetwork.Parse("fe80::/10"),
    ];

    // RFC 6761 and 6762, RFC 8375, and ICANN's reservation of .internal; Kubernetes' services end in .svc or .local.
    private static readonly string[] Endings = [".localhost", ".local", ".internal", ".home.arpa", ".svc", ".test"];

    public static bool Contains(IPAddress address)
    {
        var plain = address is { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;
        return Array.Exists(Networks, network => network.Contains(plain));
    }

    /// <summary>A single label (another container or service), or one of the endings that no public name has.</summary>
    public static bool IsPrivateName(string host) =>
        !host.Contains('.', StringComparison.Ordinal)
        || Array.Exists(Endings, ending => host.EndsWith(ending, StringComparison.OrdinalIgnoreCase));

    /// <summary><c>localhost</c> and all below it are this machine (RFC 6761, 6.3), whether the system resolves them or not.</summary>
    public static bool IsLocalhost(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);
}
