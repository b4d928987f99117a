namespace Portal.Contracts.Branding;

/// <summary>What a name and a logo must be.</summary>
public static class BrandingRules
{
    public const int MaxNameLength = 80;

    /// <summary>Bytes of an uploaded logo at most: what the API takes of any body.</summary>
    public const int MaxLogoBytes = 1 << 20;

    /// <summary>Pixels of an uploaded logo in each direction at most. It is kept no larger than it is shown.</summary>
    public const int MaxLogoPixels = 4_096;
}
