using Microsoft.Extensions.Options;
using Portal.Api.Users;
using Portal.Data;

namespace Portal.Api.Startup;

internal static class StartupRegistration
{
    /// <summary>The database, brought to this version's schema and seeded before the service is ready.</summary>
    public static void AddDatabase(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<DefaultAdminOptions>().BindConfiguration(DefaultAdminOptions.SectionName).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<DefaultAdminOptions>, DefaultAdminOptionsValidation>();
        builder.Services.AddSingleton<SchemaGate>();
        builder.AddPortalData();
        builder.AddPortalSchema(SeedAsync);
    }

    private static async Task SeedAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        await services.GetRequiredService<DefaultAdmin>().SeedAsync(cancellationToken);
        // Seeding comes last, after the migrations and the time series.
        services.GetRequiredService<SchemaGate>().Open();
    }
}
