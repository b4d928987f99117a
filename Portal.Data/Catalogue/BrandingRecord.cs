namespace Portal.Data;

/// <summary>How the stack presents itself, once somebody has changed it. One row at most.</summary>
public sealed class BrandingRecord
{
    public const int MaxNameLength = 80;
    public const int ColourLength = 7;
    public const int LogoLength = 64;

    /// <summary>The one row's key.</summary>
    public const int OnlyId = 1;

    public int Id { get; set; } = OnlyId;

    /// <summary>Name of the portal; null: the configured one.</summary>
    public string? Name { get; set; }

    /// <summary><c>#rrggbb</c> in lower case; null: the product's own.</summary>
    public string? Colour { get; set; }

    /// <summary>SHA-256 of the logo's file in hexadecimal digits; null: there is none.</summary>
    public string? Logo { get; set; }
}
