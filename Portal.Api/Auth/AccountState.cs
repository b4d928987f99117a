using Portal.Data;

namespace Portal.Api.Auth;

/// <summary>Whether an account is switched off, kept as Identity's lock-out without an end.</summary>
internal static class AccountState
{
    public static bool IsActive(this PortalUser user, DateTimeOffset now) => user.LockoutEnd is not { } end || end <= now;

    public static void SetActive(this PortalUser user, bool active)
    {
        user.LockoutEnabled = true;
        user.LockoutEnd = active ? null : DateTimeOffset.MaxValue;
    }
}
