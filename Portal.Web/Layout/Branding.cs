using Portal.Web.Api;

namespace Portal.Web.Layout;

/// <summary>What the portal is called. A page is shown under the product's own name rather than not at all.</summary>
public sealed class Branding(PortalApi api)
{
    private const string ProductName = "Tau Acuvim Portal";
    private string? name;

    public async Task<string> NameAsync(CancellationToken cancellationToken)
    {
        if (name is null)
        {
            try
            {
                name = (await api.BrandingAsync(cancellationToken)).Name;
            }
            catch (ApiUnavailableException)
            {
                name = ProductName;
            }
        }

        return name;
    }
}
