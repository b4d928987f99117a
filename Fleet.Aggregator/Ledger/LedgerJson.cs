using System.Text.Json.Serialization;
using Portal.Contracts.Fleet;

namespace Fleet.Aggregator.Ledger;

/// <summary>What stacks and the ledger say to each other, read and written without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, PropertyNameCaseInsensitive = true, MaxDepth = 8)]
[JsonSerializable(typeof(LedgerRequest))]
[JsonSerializable(typeof(LedgerAnswer))]
[JsonSerializable(typeof(SiteRow))]
[JsonSerializable(typeof(DeviceRow))]
internal sealed partial class LedgerJson : JsonSerializerContext;
