using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Portal.Domain.Sites;

/// <summary>Time zones by IANA name. .NET reads them from the system's files (package <c>tzdata</c>), not from ICU, which is switched off.</summary>
public static partial class TimeZones
{
    /// <summary>What to say of a name that is none.</summary>
    public const string Expected = "Must be an IANA time zone such as Africa/Johannesburg or Europe/Berlin.";

    /// <summary>False where the name isn't a zone's, or this machine lacks the zone's file.</summary>
    public static bool TryFind(string name, [NotNullWhen(true)] out TimeZoneInfo? zone)
    {
        zone = null;
        // .NET takes any file below the system's folder; only names of zones are such as PostgreSQL knows too.
        return ZoneName().IsMatch(name) && TimeZoneInfo.TryFindSystemTimeZoneById(name, out zone);
    }

    /// <summary>The zone of a stored site.</summary>
    /// <exception cref="InvalidOperationException">This machine lacks the zone's file.</exception>
    public static TimeZoneInfo Of(string stored) => TryFind(stored, out var zone)
        ? zone
        : throw new InvalidOperationException($"This machine does not know the time zone '{stored}'. Install the package tzdata.");

    // Area/Place, Area/Region/Place, Etc/GMT+2, or UTC alone.
    [GeneratedRegex(@"^(UTC|(?!posix/|right/)[A-Z][A-Za-z]+(/[A-Z][A-Za-z0-9_+\-]+){1,2})$", RegexOptions.CultureInvariant)]
    private static partial Regex ZoneName();
}
