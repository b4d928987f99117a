using System.ComponentModel.DataAnnotations;

namespace Fleet.Aggregator.Silences;

/// <summary>Section <c>Silence</c>: after how long somebody who is not heard counts as silent.</summary>
public sealed class SilenceOptions
{
    public const string SectionName = "Silence";

    /// <summary>A device is silent after so many of its cadences: one may be late, two may be lost on the way.</summary>
    [Range(1.5, 100)]
    public double Cadences { get; set; } = 3;

    /// <summary>But never before this: a logger that restarts, or a site's network that blinks, is no event.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan DevicesAfter { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>A stack is silent after this, or after <see cref="Cadences"/> of its heartbeats where those are further apart.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan StackAfter { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Silences that ended longer ago are dropped.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "3650.00:00:00")]
    public TimeSpan KeepFor { get; set; } = TimeSpan.FromDays(400);
}
