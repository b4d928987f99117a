namespace Portal.Data;

/// <summary>A link with which the owner of an account chooses its password, once. An account has one at most; the link itself is shown once and kept nowhere.</summary>
public sealed class AccountLink
{
    /// <summary>The account.</summary>
    public Guid UserId { get; set; }

    /// <summary>SHA-256 of the link's secret, 32 bytes, unique.</summary>
    public required byte[] Hash { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>From this instant on it opens nothing.</summary>
    public DateTimeOffset ExpiresAt { get; set; }
}
