namespace Portal.Api.Branding;

/// <summary>Section <c>Branding</c>: how a stack presents itself.</summary>
public sealed class BrandingOptions
{
    public const string SectionName = "Branding";

    /// <summary>Name of the portal until an admin gives it another: on the sign-in screen, in the page's title.</summary>
    public string Name { get; set; } = "Tau Acuvim Portal";

    /// <summary>Folder of the uploaded logo, on a volume.</summary>
    public string Path { get; set; } = "/data/branding";
}
