namespace Portal.Contracts.Branding;

/// <summary>How this portal presents itself, to people not signed in too.</summary>
/// <param name="Name">Name of the portal, for the page's title and the sign-in screen.</param>
public sealed record BrandingItem(string Name);
