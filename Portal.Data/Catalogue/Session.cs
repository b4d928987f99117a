namespace Portal.Data;

/// <summary>A signed-in person's session. The cookie holds a random key, this row only its hash, so a stolen backup opens no session.</summary>
public sealed class Session
{
    /// <summary>SHA-256 of the session's random key, 32 bytes.</summary>
    public required byte[] Id { get; set; }

    public Guid UserId { get; set; }

    /// <summary>The authentication ticket, serialised.</summary>
    public required byte[] Ticket { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Last request with it, to the minute or so.</summary>
    public DateTimeOffset LastSeenAt { get; set; }

    /// <summary>From this instant on it is refused, and may be swept.</summary>
    public DateTimeOffset ExpiresAt { get; set; }
}
