using System.Collections.Concurrent;
using Portal.Gateway.Routing;
using Portal.Gateway.Stacks;
using Portal.ServiceDefaults.Sessions;
using Yarp.ReverseProxy;

namespace Portal.Gateway.Grafana;

/// <summary>
/// Who is signed in at which stack: the stack's API says so, and is believed for <see cref="SessionChecks.BelievedFor"/>. Each stack has
/// answers of its own, so that one stack's session opens nothing at another. Bounded by the stacks there have been since the start.
/// </summary>
internal sealed class GrafanaSessions(IProxyStateLookup proxy, TimeProvider time, ILogger<SessionChecks> logger) : IDisposable
{
    // Callers' cookies travel as they came; a redirect is no answer.
    private readonly HttpMessageInvoker transport = new(new SocketsHttpHandler
    {
        UseCookies = false,
        AllowAutoRedirect = false,
        UseProxy = false,
        ConnectTimeout = TimeSpan.FromSeconds(5),
    });

    private readonly ConcurrentDictionary<string, SessionChecks> checks = new(StringComparer.Ordinal);

    /// <summary>Null where nobody is signed in with these cookies.</summary>
    /// <param name="stack">Name of the stack.</param>
    /// <param name="cookies">The session's cookies, see <see cref="SessionCookies"/>.</param>
    /// <exception cref="SessionCheckUnavailableException">No API of the stack answers.</exception>
    public Task<SignedInPerson?> WhoAsync(string stack, string cookies, CancellationToken cancellationToken) =>
        checks.GetOrAdd(stack, Checks).WhoAsync(cookies, cancellationToken);

    public void Dispose()
    {
        foreach (var stack in checks.Values) stack.Dispose();
        transport.Dispose();
    }

    private SessionChecks Checks(string stack)
    {
        var api = new HttpClient(new StackApi(proxy, RouteTable.ClusterId(stack, Service.Api), transport))
        {
            BaseAddress = new Uri("http://api"),
            Timeout = SessionChecks.Patience,
        };
        return new SessionChecks(api, time, logger);
    }

    /// <summary>Sends a request to an address of a stack's API: one that is taken for healthy, the next one where nobody listens.</summary>
    private sealed class StackApi(IProxyStateLookup proxy, string cluster, HttpMessageInvoker transport) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var addresses = proxy.TryGetCluster(cluster, out var api) ? api.DestinationsState.AvailableDestinations : [];
            HttpRequestException? refused = null;
            foreach (var address in addresses)
            {
                try
                {
                    request.RequestUri = new Uri(new Uri(address.Model.Config.Address), request.RequestUri!.PathAndQuery);
                    request.Headers.Host = address.Model.Config.Host;
                    return await transport.SendAsync(request, cancellationToken);
                }
                catch (HttpRequestException exception) when (exception.HttpRequestError == HttpRequestError.ConnectionError)
                {
                    refused = exception;
                }
            }

            throw refused ?? new HttpRequestException("The stack has no API.");
        }
    }
}
