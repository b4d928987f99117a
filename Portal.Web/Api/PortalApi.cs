using Portal.Contracts.Overview;

namespace Portal.Web.Api;

/// <summary>The stack's API, as the signed-in person. Each noun has a file of its own: <c>PortalApi.Noun.cs</c>.</summary>
public sealed partial class PortalApi(HttpClient http, Caller caller) : ApiClient(http, caller, "The portal's API")
{
    public Task<OverviewAnswer> OverviewAsync(CancellationToken cancellationToken) => GetAsync<OverviewAnswer>("/api/overview", cancellationToken);

    /// <summary>What today is compared with; changes slowly.</summary>
    public Task<OverviewPast> OverviewPastAsync(CancellationToken cancellationToken) => GetAsync<OverviewPast>("/api/overview/past", cancellationToken);
}
