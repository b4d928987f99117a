using System.Text.Json;
using Portal.Contracts.Measurements;

namespace Portal.Web.Devices;

/// <summary>A value and the time it was measured.</summary>
public readonly record struct LatestValue(DateTimeOffset Time, JsonElement Value)
{
    /// <summary>Null for a letter.</summary>
    public double? Number => Value.ValueKind == JsonValueKind.Number ? Value.GetDouble() : null;

    /// <summary>Null for a number.</summary>
    public string? Letter => Value.ValueKind == JsonValueKind.String ? Value.GetString() : null;
}

/// <summary>
/// The newest known value of each quantity. A meter's loggers post different quantities at different paces, so the newest row alone
/// may hold a part of them.
/// </summary>
public sealed class LatestValues
{
    private readonly Dictionary<string, LatestValue> values = [];

    /// <param name="rows">Newest first.</param>
    public LatestValues(IReadOnlyList<Measurement> rows)
    {
        foreach (var row in rows)
            foreach (var (name, value) in row.Values)
                values.TryAdd(name, new LatestValue(row.Time, (JsonElement)value));
        At = rows.Count > 0 ? rows[0].Time : null;
    }

    /// <summary>Time of the newest row; null where there is none.</summary>
    public DateTimeOffset? At { get; }

    /// <summary>By the quantity's name on the wire; null where it isn't known.</summary>
    public LatestValue? this[string name] => values.TryGetValue(name, out var value) ? value : null;

    public bool HasAny(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
            if (values.ContainsKey(name)) return true;
        return false;
    }
}
