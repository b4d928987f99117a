using System.Text.Json.Serialization;
using Portal.Contracts.Fleet;
using Portal.Contracts.Ingest;

namespace Fleet.Aggregator.Push;

/// <summary>What pushes are made of, read and written without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(SiteRow))]
[JsonSerializable(typeof(DeviceRow))]
[JsonSerializable(typeof(PushClient))]
[JsonSerializable(typeof(PushAnswer))]
[JsonSerializable(typeof(IReadOnlyList<Rejection>))]
internal sealed partial class PushJson : JsonSerializerContext;
