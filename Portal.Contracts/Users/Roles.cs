namespace Portal.Contracts.Users;

/// <summary>Roles; every account has exactly one of the first two.</summary>
public static class Roles
{
    /// <summary>May read and change everything.</summary>
    public const string Admin = "Admin";

    /// <summary>May read sites, devices, measurements and energy; changes nothing but the own password.</summary>
    public const string Viewer = "Viewer";

    /// <summary>
    /// What an <see cref="Admin"/> is who has to set up two-factor first (<c>SignIn__AdminsNeedTwoFactor</c>): may look after the own account and
    /// nothing else. No account has it; it ends with the first code.
    /// </summary>
    public const string AdminWithoutTwoFactor = "AdminWithoutTwoFactor";
}
