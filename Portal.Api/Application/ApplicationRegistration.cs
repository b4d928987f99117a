using Microsoft.Extensions.Options;

namespace Portal.Api.Application;

internal static class ApplicationRegistration
{
    /// <summary>What the stack is, validated at start.</summary>
    public static RunMode AddApplication(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<ApplicationOptions>().BindConfiguration(ApplicationOptions.SectionName).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<ApplicationOptions>, ApplicationOptionsValidation>();
        return Enum.TryParse<RunMode>(builder.Configuration["Application:RunMode"], ignoreCase: true, out var mode) ? mode : RunMode.Client;
    }
}
