using System.Text.Json.Serialization;

namespace MeterSimulator.Portal;

/// <summary>What ingest answers to a post: counts are complete, <see cref="Rejections"/> are at most a hundred of them.</summary>
internal sealed record IngestAnswer(int Accepted, int Duplicate, int Rejected, IReadOnlyList<IngestRejection>? Rejections);

internal sealed record IngestRejection(int Index, string? ExternalId, string? Reason);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(IngestAnswer))]
internal sealed partial class IngestJson : JsonSerializerContext;
