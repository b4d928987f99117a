namespace Portal.Contracts.Branding;

/// <summary>How this portal presents itself, to people not signed in too.</summary>
/// <param name="Name">Name of the portal, for the page's title and the sign-in screen.</param>
/// <param name="Colour">Brand colour as <c>#rrggbb</c>; null: the product's own.</param>
/// <param name="Logo">Path of the logo, which changes with it; null: there is none.</param>
public sealed record BrandingItem(string Name, string? Colour = null, string? Logo = null);
