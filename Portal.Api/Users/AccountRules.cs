using Microsoft.AspNetCore.Identity;
using Portal.Contracts.Users;
using Portal.Data;

namespace Portal.Api.Users;

/// <summary>ASP.NET Core Identity as this portal uses it: email as the name, long passwords of any characters.</summary>
internal static class AccountRules
{
    public static void AddAccounts(this IServiceCollection services)
    {
        services.AddIdentityCore<PortalUser>(Configure)
            .AddRoles<IdentityRole<Guid>>()
            .AddEntityFrameworkStores<PortalDbContext>()
            .AddTokenProvider<AuthenticatorTokenProvider<PortalUser>>(TokenOptions.DefaultAuthenticatorProvider)
            .AddPasswordValidator<PasswordUnlikeEmail>();
        // OWASP's figure for PBKDF2 with HMAC-SHA512; an older hash is renewed when its owner signs in.
        services.Configure<PasswordHasherOptions>(options => options.IterationCount = 210_000);
        services.AddScoped<Administrators>();
        services.AddScoped<DefaultAdmin>();
        services.AddScoped<UserQueries>();
        services.AddScoped<AccountLinks>();
        services.AddScoped<UserChange>();
    }

    private static void Configure(IdentityOptions options)
    {
        options.User.RequireUniqueEmail = true;
        // Any visible ASCII; the contract says what an email looks like.
        options.User.AllowedUserNameCharacters = new string([.. Enumerable.Range(0x21, 0x5e).Select(code => (char)code)]);
        options.Password.RequiredLength = PasswordRules.MinimumLength;
        options.Password.RequiredUniqueChars = PasswordRules.DistinctCharacters;
        options.Password.RequireDigit = false;
        options.Password.RequireLowercase = false;
        options.Password.RequireUppercase = false;
        options.Password.RequireNonAlphanumeric = false;
    }

    private sealed class PasswordUnlikeEmail : IPasswordValidator<PortalUser>
    {
        public Task<IdentityResult> ValidateAsync(UserManager<PortalUser> manager, PortalUser user, string? password)
        {
            var email = user.Email ?? "";
            var alike = password is not null
                && (password.Equals(email, StringComparison.OrdinalIgnoreCase)
                    || password.Equals(email.Split('@')[0], StringComparison.OrdinalIgnoreCase));
            return Task.FromResult(alike
                ? IdentityResult.Failed(new IdentityError { Code = "PasswordLikeEmail", Description = "Must not be the email address." })
                : IdentityResult.Success);
        }
    }
}
