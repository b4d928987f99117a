using Portal.Contracts.IngestKeys;

namespace Portal.Web.Api;

public sealed partial class PortalApi
{
    /// <summary>Newest first, revoked ones too.</summary>
    public Task<Listed<IngestKeyItem>> IngestKeysAsync(int most, CancellationToken cancellationToken) => ListAsync<IngestKeyItem>("/api/ingest-keys", most, cancellationToken);

    /// <summary>The one answer that has the key.</summary>
    public Task<IngestKeyCreated> CreateIngestKeyAsync(IngestKeyBody key) => SendAsync<IngestKeyCreated>(HttpMethod.Post, "/api/ingest-keys", key, CancellationToken.None);

    public Task RevokeIngestKeyAsync(string id) => DoAsync(HttpMethod.Delete, "/api/ingest-keys/" + Uri.EscapeDataString(id), null, CancellationToken.None);
}
