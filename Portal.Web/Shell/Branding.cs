using Microsoft.Extensions.Caching.Memory;
using Portal.Contracts.Branding;
using Portal.Web.Api;

namespace Portal.Web.Shell;

/// <summary>What the portal is called and which colour it has. A page is shown as the product's own rather than not at all.</summary>
public sealed class Branding(PortalApi api, IMemoryCache cache)
{
    private static readonly BrandingItem Product = new("Tau Acuvim Portal");
    private static readonly TimeSpan BelievedFor = TimeSpan.FromSeconds(30);

    public async Task<BrandingItem> ReadAsync(CancellationToken cancellationToken)
    {
        if (cache.TryGetValue(typeof(Branding), out BrandingItem? known)) return known!;
        try
        {
            return cache.Set(typeof(Branding), await api.BrandingAsync(cancellationToken), BelievedFor);
        }
        catch (ApiUnavailableException)
        {
            return Product;
        }
    }

    /// <summary>After it was changed: the next page has the new one.</summary>
    public void Forget() => cache.Remove(typeof(Branding));
}
