using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace Portal.Web.SignIn;

/// <summary>A password on its way through the browser from the first step of a sign-in to the second: only this stack can read it, and only for some minutes.</summary>
public sealed class SealedPassword(IDataProtectionProvider keys)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private readonly ITimeLimitedDataProtector protector = keys.CreateProtector("Portal.Web.SignIn.SealedPassword").ToTimeLimitedDataProtector();

    public string Seal(string password) => protector.Protect(password, Lifetime);

    /// <summary>The password; null where it is too old, or not ours.</summary>
    public string? Open(string sealedPassword)
    {
        try
        {
            return protector.Unprotect(sealedPassword);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
