namespace Portal.Contracts.Users;

/// <summary>Roles; every account has exactly one.</summary>
public static class Roles
{
    /// <summary>May read and change everything.</summary>
    public const string Admin = "Admin";

    /// <summary>May read sites, devices, measurements and energy; changes nothing but the own password.</summary>
    public const string Viewer = "Viewer";
}
