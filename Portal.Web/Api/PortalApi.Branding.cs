using System.Net.Http.Headers;
using Portal.Contracts.Branding;

namespace Portal.Web.Api;

public sealed partial class PortalApi
{
    private const string BrandingPath = "/api/branding";
    private const string LogoPath = BrandingPath + "/logo";

    public Task<BrandingItem> BrandingAsync(CancellationToken cancellationToken) => GetAsync<BrandingItem>(BrandingPath, cancellationToken);

    public Task<BrandingItem> ChangeBrandingAsync(BrandingRequest branding) => SendAsync<BrandingItem>(HttpMethod.Put, BrandingPath, branding, CancellationToken.None);

    /// <param name="image">The file as it is; the API looks at it, and not at its type's name.</param>
    public Task<BrandingItem> ChangeLogoAsync(byte[] image, string type) => SendAsync<BrandingItem>(
        HttpMethod.Put, LogoPath, new ByteArrayContent(image) { Headers = { ContentType = new MediaTypeHeaderValue(type) } }, CancellationToken.None);

    public Task<BrandingItem> RemoveLogoAsync() => SendAsync<BrandingItem>(HttpMethod.Delete, LogoPath, null, CancellationToken.None);
}
