using System.Text.Json;

namespace Portal.Ingest.Tests.FleetPush;

/// <summary>A batch as it came in.</summary>
/// <param name="Rows">Its rows, in order.</param>
/// <param name="Names">What its envelope has.</param>
/// <param name="Status">What it was answered.</param>
internal sealed record ReceivedBatch(
    Guid BatchId,
    string BatchType,
    int? ProtocolVersion,
    IReadOnlyList<JsonElement> Rows,
    JsonElement? Client,
    IReadOnlyDictionary<string, string> Headers,
    IReadOnlyList<string> Names,
    int Status = 0
)
{
    public IEnumerable<string> Serials => Rows.Select(row => row.GetProperty("externalId").GetString()!);

    public IEnumerable<DateTimeOffset> Times => Rows.Select(row => row.GetProperty("time").GetDateTimeOffset());

    public static async Task<ReceivedBatch> ReadAsync(Stream body, IReadOnlyDictionary<string, string> headers)
    {
        using var document = await JsonDocument.ParseAsync(body);
        var root = document.RootElement.Clone();
        return new ReceivedBatch(
            root.GetProperty("batchId").GetGuid(),
            root.GetProperty("batchType").GetString()!,
            root.TryGetProperty("protocolVersion", out var version) ? version.GetInt32() : null,
            [.. root.GetProperty("rows").EnumerateArray()],
            root.TryGetProperty("client", out var client) ? client : null,
            headers,
            [.. root.EnumerateObject().Select(property => property.Name)]
        );
    }
}
