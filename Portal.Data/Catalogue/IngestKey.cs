namespace Portal.Data;

/// <summary>A key that meters post with (<c>pik_…</c>). The key itself is shown once and kept nowhere.</summary>
public sealed class IngestKey
{
    public const int MaxNameLength = 200;
    public const int PrefixLength = 8;

    public Guid Id { get; set; } = Guid.CreateVersion7();

    /// <summary>Name for people, 1 to <see cref="MaxNameLength"/> characters; not unique.</summary>
    public required string Name { get; set; }

    /// <summary>SHA-256 of the whole key in UTF-8, 32 bytes, unique.</summary>
    public required byte[] Hash { get; set; }

    /// <summary>The key's first <see cref="PrefixLength"/> characters, so that people can tell keys apart.</summary>
    public required string Prefix { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>When a post last came with it, to the minute or so; null before the first.</summary>
    public DateTimeOffset? LastUsedAt { get; set; }

    /// <summary>Since when it is refused; null while it is valid.</summary>
    public DateTimeOffset? RevokedAt { get; set; }
}
