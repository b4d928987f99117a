using Portal.Contracts.IngestKeys;

namespace Portal.Web.Api;

public sealed partial class PortalApi
{
    // Revoked ones stay in the list.
    private const int MaxIngestKeys = 2_000;

    /// <summary>Newest first, revoked ones too.</summary>
    public Task<IReadOnlyList<IngestKeyItem>> IngestKeysAsync(CancellationToken cancellationToken) =>
        AllAsync<IngestKeyItem>("/api/ingest-keys", MaxIngestKeys, cancellationToken);

    /// <summary>The one answer that has the key.</summary>
    public Task<IngestKeyCreated> CreateIngestKeyAsync(IngestKeyBody key) => SendAsync<IngestKeyCreated>(HttpMethod.Post, "/api/ingest-keys", key, CancellationToken.None);

    public Task RevokeIngestKeyAsync(string id) => DoAsync(HttpMethod.Delete, "/api/ingest-keys/" + Uri.EscapeDataString(id), null, CancellationToken.None);
}
