namespace Portal.ServiceDefaults.Sessions;

/// <summary>Where to go after signing in: only ever a path of this portal, so that a link can't send people elsewhere.</summary>
public static class ReturnPath
{
    /// <summary>The path where it is local (<c>/sites?x=1</c>); <c>/</c> for anything else (<c>//evil</c>, <c>/\evil</c>, <c>https:…</c>).</summary>
    public static string Local(string? path) =>
        path is ['/', ..] && !path.StartsWith("//", StringComparison.Ordinal) && !path.Contains('\\') && !path.Any(char.IsControl) ? path : "/";
}
