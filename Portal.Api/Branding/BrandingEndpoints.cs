using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Portal.Contracts.Branding;

namespace Portal.Api.Branding;

/// <summary>How a stack presents itself.</summary>
public sealed class BrandingOptions
{
    public const string SectionName = "Branding";

    /// <summary>Name of the portal: on the sign-in screen, in the page's title.</summary>
    public string Name { get; set; } = "Tau Acuvim Portal";
}

internal static class BrandingEndpoints
{
    public static void AddBranding(this IServiceCollection services) =>
        services.AddOptions<BrandingOptions>()
            .BindConfiguration(BrandingOptions.SectionName)
            .Validate(options => options.Name.Trim().Length is > 0 and <= 80, "Branding__Name must have 1 to 80 characters.")
            .ValidateOnStart();

    // The sign-in screen shows it, before anybody is signed in.
    public static void MapBranding(this IEndpointRouteBuilder app) =>
        app.MapGet("/api/branding", Get).WithTags("Branding").AllowAnonymous();

    private static Ok<BrandingItem> Get(IOptions<BrandingOptions> options) => TypedResults.Ok(new BrandingItem(options.Value.Name.Trim()));
}
