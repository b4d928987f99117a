using Portal.Contracts.Fleet;

namespace Portal.Web.Api;

/// <summary>The stack's ingest, as the signed-in admin: the one thing it answers to people is how its push to the fleet goes.</summary>
public sealed class IngestApi(HttpClient http, Caller caller) : ApiClient(http, caller, "The portal's ingest")
{
    public Task<FleetPushStatus> FleetPushAsync(CancellationToken cancellationToken) => GetAsync<FleetPushStatus>("/api/fleet-push/status", cancellationToken);
}
