using Portal.Contracts.Sites;

namespace Portal.Web.Api;

public sealed partial class PortalApi
{
    // As many as a stack can have.
    private const int MaxSites = 1_000;

    /// <summary>All sites, by name.</summary>
    public Task<IReadOnlyList<SiteItem>> SitesAsync(CancellationToken cancellationToken) => AllAsync<SiteItem>("/api/sites", MaxSites, cancellationToken);

    public Task<SiteItem> SiteAsync(string id, CancellationToken cancellationToken) => GetAsync<SiteItem>(SitePath(id), cancellationToken);

    public Task<SiteItem> CreateSiteAsync(SiteBody site) => SendAsync<SiteItem>(HttpMethod.Post, "/api/sites", site, CancellationToken.None);

    public Task<SiteItem> UpdateSiteAsync(string id, SiteBody site) => SendAsync<SiteItem>(HttpMethod.Put, SitePath(id), site, CancellationToken.None);

    public Task DeleteSiteAsync(string id) => DoAsync(HttpMethod.Delete, SitePath(id), null, CancellationToken.None);

    private static string SitePath(string id) => "/api/sites/" + Uri.EscapeDataString(id);
}
