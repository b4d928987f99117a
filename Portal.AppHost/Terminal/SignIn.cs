using Portal.AppHost.Local;
using Portal.AppHost.Topology;

namespace Portal.AppHost.Terminal;

/// <summary>How to sign in, for the table. A password that somebody chose is theirs to know.</summary>
internal static class SignIn
{
    public static string Text(StateFolder folder)
    {
        var password = File.Exists(folder.AdminPassword) ? File.ReadAllText(folder.AdminPassword) : AdminPassword.Default;
        return $"{Stacks.AdminEmail} / {(password == AdminPassword.Default ? password : "your --admin-password")}";
    }
}
