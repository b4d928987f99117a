using System.ComponentModel.DataAnnotations;

namespace Portal.Contracts.IngestKeys;

/// <summary>Body of <c>POST /api/ingest-keys</c>.</summary>
/// <param name="Name">What the key is for, so that people know which one to revoke.</param>
public sealed record IngestKeyBody(
    [Required, StringLength(200), RegularExpression(Fields.OneLine, ErrorMessage = Fields.OneLineError)] string Name
);

/// <summary>201 of <c>POST /api/ingest-keys</c>: the one answer that shows the key.</summary>
/// <param name="Id">Opaque.</param>
/// <param name="Key">The secret itself (<c>pik_…</c>); nobody can read it again.</param>
/// <param name="Prefix">Its first characters, as the list shows them.</param>
public sealed record IngestKeyCreated(string Id, string Name, string Key, string Prefix, DateTimeOffset CreatedAt);

/// <summary>An ingest key, without its secret.</summary>
/// <param name="Prefix">Its first characters.</param>
/// <param name="LastUsedAt">Last accepted post, to a minute or so; null where it was never used.</param>
/// <param name="RevokedAt">Since when it is refused; null while it is valid.</param>
public sealed record IngestKeyItem(
    string Id,
    string Name,
    string Prefix,
    DateTimeOffset CreatedAt,
    DateTimeOffset? LastUsedAt,
    DateTimeOffset? RevokedAt
);
