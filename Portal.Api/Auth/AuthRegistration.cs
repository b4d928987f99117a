using Microsoft.Extensions.Options;
using Portal.Api.Auth.Oidc;
using Portal.Api.Users;
using Portal.ServiceDefaults.Sessions;

namespace Portal.Api.Auth;

internal static class AuthRegistration
{
    /// <summary>Accounts, sessions, policies and what protects them.</summary>
    public static void AddPortalAuth(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<SignInLimits>().BindConfiguration(SignInLimits.SectionName).ValidateOnStart();
        services.AddSingleton<IValidateOptions<SignInLimits>, SignInLimitsValidation>();
        services.AddSingleton<TwoFactorRule>();
        services.AddSingleton<SignInThrottle>();
        services.AddSingleton<DecoyPassword>();
        services.AddScoped<SecondFactor>();
        services.AddScoped<PasswordSignIn>();
        services.AddScoped<SignInDesk>();
        builder.AddSharedKeyRing();
        services.AddSessionAuth();
        builder.AddOidc();
        services.AddAuthorization(Policies.Configure);
        services.AddAccounts();
    }
}
