namespace Portal.Contracts.Users;

/// <summary>
/// What a password must be: long enough, with a few different characters. No classes of characters are demanded, since that
/// makes passwords worse, not better (NIST SP 800-63B §5.1.1.2).
/// </summary>
public static class PasswordRules
{
    public const int MinimumLength = 8;

    /// <summary>Upper bound, so that nobody makes the server hash megabytes.</summary>
    public const int MaximumLength = 128;

    public const int DistinctCharacters = 4;
}
