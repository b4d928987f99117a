using System.Globalization;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Contracts.Measurements;
using Portal.Web.Api;
using Portal.Web.Figures;
using Portal.Web.States;

namespace Portal.Web.Devices;

/// <summary>A device's newest rows, newest first, and when they were taken.</summary>
public sealed record LatestRows(IReadOnlyList<Measurement> Rows, DateTimeOffset Now)
{
    private LatestValues? values;

    [JsonIgnore]
    public LatestValues Values => values ??= new LatestValues(Rows);
}

/// <summary>A device's newest values, phase by phase.</summary>
public sealed partial class DeviceNow(PortalApi api, TimeProvider clock, IStringLocalizer<DevicesText> text) : DataComponent<LatestRows>
{
    // Three loggers, one of them every quarter of an hour beside one every minute: all are among so many rows.
    private const int RowsLookedAt = 30;

    [Parameter, EditorRequired]
    public required string DeviceId { get; set; }

    [Parameter, EditorRequired]
    public required TimeZoneInfo Zone { get; set; }

    protected override object Question => DeviceId;

    protected override TimeSpan? RefreshEvery => TimeSpan.FromSeconds(5);

    private IStringLocalizer<DevicesText> Text => text;

    protected override async Task<LatestRows> LoadAsync(CancellationToken cancellationToken)
    {
        var page = await api.MeasurementsAsync(DeviceId, RowsLookedAt, cancellationToken);
        return new LatestRows(page.Measurements, clock.GetUtcNow());
    }

    private string Written(LatestValue? value, string unit) => value is not { } known ? Numbers.Unknown
        : known.Letter is { } letter ? text[letter switch { "L" => "LoadInductive", "C" => "LoadCapacitive", _ => "LoadResistive" }]
        // Registers with every digit that the meter shows: they are compared with its display.
        : unit.EndsWith('h') ? known.Number?.ToString("#,0.0##", CultureInfo.InvariantCulture) ?? Numbers.Unknown
        : Numbers.Value(known.Number);

    private string? Old(LatestValue? value, DateTimeOffset? newest) =>
        value is { } known && newest is { } at && at - known.Time >= TimeSpan.FromMinutes(1) ? text["Old", Numbers.Age(at - known.Time)].Value : null;
}
