using System.ComponentModel.DataAnnotations;

namespace Portal.Data.Quarantine;

/// <summary>Section <c>Quarantine</c>: how much of unknown devices is kept until somebody claims them.</summary>
public sealed class QuarantineOptions
{
    public const string SectionName = "Quarantine";

    /// <summary>Posts received longer ago are dropped: a month is what a module's own memory holds.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "3650.00:00:00")]
    public TimeSpan MaxAge { get; set; } = TimeSpan.FromDays(30);

    /// <summary>Most payload in bytes (as JSON; on disk it is compressed); the oldest posts are dropped first. 1 GiB by default.</summary>
    [Range(1L << 20, 1L << 40)]
    public long MaxBytes { get; set; } = 1L << 30;
}
