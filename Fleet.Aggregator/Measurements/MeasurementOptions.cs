using System.ComponentModel.DataAnnotations;

namespace Fleet.Aggregator.Measurements;

/// <summary>Section <c>Measurements</c>: how long the fleet keeps what is pushed to it.</summary>
public sealed class MeasurementOptions
{
    public const string SectionName = "Measurements";

    /// <summary>
    /// Days that raw measurements are kept, in whole months: at least so many, at most a month more. Their hourly roll-ups stay for ever. Null:
    /// all are kept. At least 62, since a replay wave is up to a month late and the delivery ledger still compares the month before.
    /// </summary>
    [Range(62, 36_500)]
    public int? KeepDays { get; set; }
}
