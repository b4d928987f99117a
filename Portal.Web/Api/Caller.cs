using Microsoft.AspNetCore.Components.Server.Circuits;

namespace Portal.Web.Api;

/// <summary>
/// The person on whose behalf the API is called: their cookies, and their address and scheme for the API's sign-in limits and
/// cookie names. The web has no rights of its own. A circuit outlives the request it began with, so this is taken once, at the
/// beginning of the scope. A circuit never changes whose it is: when the session ends, the page begins anew.
/// </summary>
public sealed class Caller
{
    private readonly string? address;
    private readonly string? scheme;
    private readonly string? host;

    public Caller(IHttpContextAccessor accessor)
    {
        if (accessor.HttpContext is not { } context) return;
        Cookies = context.Request.Headers.Cookie.ToString();
        address = context.Connection.RemoteIpAddress?.ToString();
        scheme = context.Request.Scheme;
        host = context.Request.Host.Value;
    }

    /// <summary>The <c>Cookie</c> header; empty where there is none.</summary>
    public string Cookies { get; } = "";

    internal void Sign(HttpRequestMessage request)
    {
        if (host is null) return;
        request.Headers.TryAddWithoutValidation("Cookie", Cookies);
        request.Headers.TryAddWithoutValidation("X-Forwarded-For", address);
        request.Headers.TryAddWithoutValidation("X-Forwarded-Proto", scheme);
        request.Headers.Host = host;
    }
}

/// <summary>Makes the circuit's <see cref="Caller"/> while the request that starts it is still at hand.</summary>
internal sealed class CallerCircuit(Caller caller) : CircuitHandler
{
    public override Task OnCircuitOpenedAsync(Circuit circuit, CancellationToken cancellationToken) =>
        // Without cookies every call would be refused; that would look like a session that ended.
        caller.Cookies.Length > 0 ? Task.CompletedTask : throw new InvalidOperationException("The circuit began without its request.");
}
