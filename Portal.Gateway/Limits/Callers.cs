using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Portal.Gateway.Stacks;

namespace Portal.Gateway.Limits;

/// <summary>As whom a request is counted.</summary>
internal static class Callers
{
    /// <summary>Null where it isn't counted: reading the sign-in page is no attempt.</summary>
    public static string? Of(HttpRequest request, RateKind kind) => kind switch
    {
        RateKind.SignIn => HttpMethods.IsPost(request.Method) || request.Path.StartsWithSegments(StackPaths.ProviderCallback, StringComparison.OrdinalIgnoreCase) ? Address(request) : null,
        RateKind.Ingest => Key(request) ?? Address(request),
        RateKind.Fleet => request.Headers.Authorization is [{ Length: > 0 } token] ? token : Address(request),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    // The three ways in which ingest takes a key. One key is one caller, whatever name goes with it in basic authentication.
    private static string? Key(HttpRequest request)
    {
        if (request.Headers.Authorization is not [{ Length: > 0 } header]) return request.Query["key"] is [{ Length: > 0 } key] ? key : null;
        if (!AuthenticationHeaderValue.TryParse(header, out var shown) || shown.Parameter is null) return header;
        return shown.Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase) ? Password(shown.Parameter) : shown.Parameter;
    }

    private static string Password(string basic)
    {
        Span<byte> decoded = stackalloc byte[512];
        return Convert.TryFromBase64String(basic, decoded, out var length) && decoded[..length].IndexOf((byte)':') is var colon and >= 0
            ? Encoding.UTF8.GetString(decoded[(colon + 1)..length])
            : basic;
    }

    // Whoever has an IPv6 address has 2⁶⁴ of them.
    private static string Address(HttpRequest request)
    {
        if (request.HttpContext.Connection.RemoteIpAddress is not { } address) return "unknown";
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetworkV6 ? Convert.ToHexString(address.GetAddressBytes(), 0, 8) : address.ToString();
    }
}
