using System.ComponentModel.DataAnnotations;

namespace Portal.Contracts.Branding;

/// <summary><c>PUT /api/branding</c>: 200 with the <see cref="BrandingItem"/>. The logo stays as it is.</summary>
/// <param name="Name">1 to 80 characters.</param>
/// <param name="Colour"><c>#rrggbb</c>; null: the product's own. Where text in it could not be read, pages use a darker or lighter shade.</param>
public sealed record BrandingRequest(
    [Required(ErrorMessage = "Must be given: the portal's name."), StringLength(BrandingRules.MaxNameLength)] string Name,
    [RegularExpression("#[0-9a-fA-F]{6}", ErrorMessage = "Must be a colour such as #0b5d7a.")] string? Colour);
