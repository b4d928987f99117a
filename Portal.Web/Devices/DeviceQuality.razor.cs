using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Contracts.Measurements;
using Portal.Web.Api;
using Portal.Web.Figures;
using Portal.Web.States;

namespace Portal.Web.Devices;

/// <summary>How good a device's data of some days is.</summary>
/// <param name="From">Start of the days.</param>
/// <param name="To">When it was asked.</param>
/// <param name="Hours">Hours that are over.</param>
/// <param name="EstimatedHours">Those whose energy leans on an estimate.</param>
/// <param name="UnknownHours">Those whose energy isn't known.</param>
public sealed record QualityOfDays(DateTimeOffset From, DateTimeOffset To, QualityAnswer Rows, int Hours, int EstimatedHours, int UnknownHours);

/// <summary>What is missing, late or estimated of a device's data.</summary>
public sealed partial class DeviceQuality(PortalApi api, TimeProvider clock, IStringLocalizer<DevicesText> text) : DataComponent<QualityOfDays>
{
    private const int Usual = 7;

    [Parameter, EditorRequired]
    public required string DeviceId { get; set; }

    [Parameter, EditorRequired]
    public required TimeZoneInfo Zone { get; set; }

    /// <summary>How many days up to now.</summary>
    [SupplyParameterFromQuery]
    public int? Days { get; set; }

    protected override object Question => (DeviceId, Chosen);

    protected override TimeSpan? RefreshEvery => TimeSpan.FromMinutes(1);

    private IStringLocalizer<DevicesText> Text => text;

    private int Chosen => Days is 1 or 30 ? Days.Value : Usual;

    private (int Days, string Word)[] Choices => [(1, text["OneDay"]), (7, text["SevenDays"]), (30, text["ThirtyDays"])];

    protected override async Task<QualityOfDays> LoadAsync(CancellationToken cancellationToken)
    {
        var to = clock.GetUtcNow();
        var from = to.AddDays(-Chosen);
        var rows = api.QualityAsync(DeviceId, from, to, cancellationToken);
        var hours = await api.DeviceEnergyAsync(DeviceId, from, to, "hour", cancellationToken);
        // The hour that runs is an estimate by its nature.
        var over = hours.Intervals.Where(hour => hour.Start.AddHours(1) <= to).ToList();
        var known = over.Where(hour => hour.ImportKwh is not null || hour.ExportKwh is not null).ToList();
        return new QualityOfDays(from, to, await rows, over.Count, known.Count(hour => hour.Estimated), over.Count - known.Count);
    }

    private static string Complete(QualityOfDays quality) => quality.Rows.Rows == 0
        ? Numbers.Unknown
        // Never rounded up to all of it.
        : (Math.Floor(Math.Max(0, 1 - quality.Rows.MissingSeconds / (quality.To - quality.From).TotalSeconds) * 1000) / 10).ToString("0.0", CultureInfo.InvariantCulture);

    private string LateNote(QualityOfDays quality) => quality.Rows.LongestDelaySeconds is { } delay
        ? $"{text["LateNote"]} · {text["LongestDelay", Numbers.Age(TimeSpan.FromSeconds(delay))]}"
        : text["LateNote"];

    private static TimeSpan Length(GapItem gap, QualityOfDays quality) => (gap.To ?? quality.To) - gap.From;
}
