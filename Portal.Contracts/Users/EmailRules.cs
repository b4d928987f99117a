namespace Portal.Contracts.Users;

/// <summary>What an account's email must be, whoever says it.</summary>
public static class EmailRules
{
    /// <summary>ASCII, since it travels in a header to Grafana.</summary>
    public const string Pattern = @"[\x21-\x3f\x41-\x7e]+@[A-Za-z0-9.-]+";

    /// <summary>Most characters.</summary>
    public const int MaximumLength = 256;
}
