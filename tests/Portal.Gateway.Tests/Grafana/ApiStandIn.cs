using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;

namespace Portal.Gateway.Tests.Grafana;

/// <summary>A stack's API as far as <c>GET /api/auth/check</c> goes. Its sessions are the values of the session's cookie.</summary>
internal sealed class ApiStandIn : IAsyncDisposable
{
    private ApiStandIn()
    {
    }

    public Backend Backend { get; private set; } = null!;

    public string Address => Backend.Address;

    /// <summary>Who is signed in, by the cookie's value.</summary>
    public ConcurrentDictionary<string, (string User, string Role)> Sessions { get; } = new();

    /// <summary>How often it was asked for sessions.</summary>
    public int Asked => Backend.Seen.Count(seen => seen.Target == "/api/auth/check");

    /// <summary>A status to answer with instead, or 0.</summary>
    public int Failing { get; set; }

    public static Task<ApiStandIn> StartAsync() => StartAsync(Backend.NewAddress());

    public static async Task<ApiStandIn> StartAsync(string address)
    {
        var api = new ApiStandIn();
        api.Backend = await Backend.StartAsync("api", address, api.AnswerAsync);
        return api;
    }

    public ValueTask DisposeAsync() => Backend.DisposeAsync();

    private Task AnswerAsync(HttpContext http)
    {
        var response = http.Response;
        var cookie = http.Request.Cookies["__Host-portal-session"] ?? http.Request.Cookies["portal-session"];
        if (Failing > 0)
        {
            response.StatusCode = Failing;
        }
        else if (cookie is not null && Sessions.TryGetValue(cookie, out var person))
        {
            response.StatusCode = person.Role == "AdminWithoutTwoFactor" ? StatusCodes.Status403Forbidden : StatusCodes.Status204NoContent;
            (response.Headers["X-Webauth-User"], response.Headers["X-Webauth-Role"]) = person;
        }
        else
        {
            response.StatusCode = StatusCodes.Status401Unauthorized;
        }

        return Task.CompletedTask;
    }
}
