using Microsoft.AspNetCore.Routing.Matching;
using Microsoft.Extensions.Options;

namespace Portal.Gateway.Status;

/// <summary>Marks an endpoint that answers on the private port; all others answer on the public ones.</summary>
internal sealed class OnStatusPort;

/// <summary>
/// Keeps the private port and the public ones apart by the port of the connection. A host rule of the routing would
/// look at the port in the Host header, which the caller writes.
/// </summary>
internal sealed class StatusPortPolicy(IOptions<GatewayOptions> options) : MatcherPolicy, IEndpointSelectorPolicy
{
    public override int Order => int.MinValue;

    public bool AppliesToEndpoints(IReadOnlyList<Endpoint> endpoints) => true;

    public Task ApplyAsync(HttpContext httpContext, CandidateSet candidates)
    {
        var isStatusPort = httpContext.Connection.LocalPort == options.Value.StatusPort;
        for (var i = 0; i < candidates.Count; i++)
        {
            var isForStatusPort = candidates[i].Endpoint.Metadata.GetMetadata<OnStatusPort>() is not null;
            if (isForStatusPort != isStatusPort) candidates.SetValidity(i, false);
        }

        return Task.CompletedTask;
    }
}
