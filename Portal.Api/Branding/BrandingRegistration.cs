using Portal.Contracts.Branding;

namespace Portal.Api.Branding;

internal static class BrandingRegistration
{
    public static void AddBranding(this IServiceCollection services)
    {
        services.AddOptions<BrandingOptions>()
            .BindConfiguration(BrandingOptions.SectionName)
            .Validate(
                options => options.Name.Trim().Length is > 0 and <= BrandingRules.MaxNameLength,
                $"Branding__Name must have 1 to {BrandingRules.MaxNameLength} characters.")
            .Validate(options => Path.IsPathFullyQualified(options.Path), "Branding__Path must be a whole path, such as /data/branding.")
            .ValidateOnStart();
        services.AddSingleton<LogoFolder>();
        services.AddScoped<BrandingStore>();
    }
}
