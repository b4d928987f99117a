using System.Text.Json.Serialization;

namespace Portal.Contracts.Measurements;

/// <summary>Answer of <c>GET /api/devices/{id}/measurements</c>.</summary>
/// <param name="Measurements">Newest first.</param>
/// <param name="Next">Opaque cursor of the next, older page; null on the last one.</param>
public sealed record MeasurementPage(IReadOnlyList<Measurement> Measurements, string? Next);

/// <summary>One stored row: <c>{"time":"…","receivedAt":"…","activePowerKw":12.3}</c>.</summary>
public sealed class Measurement
{
    /// <summary>The device's clock, UTC.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>When the row was first stored, UTC.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>Known values beside <c>time</c>, by the quantity's name; absent ones are left out. Numbers, and a letter for <c>loadType</c>; a reader finds <c>JsonElement</c>s.</summary>
    [JsonExtensionData]
    public Dictionary<string, object> Values { get; init; } = [];
}
