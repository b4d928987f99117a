using System.ComponentModel.DataAnnotations;

namespace Fleet.Aggregator.Events;

/// <summary>Section <c>IngestEvents</c>: how many ingest events are kept. With an accepted batch's event its id is forgotten.</summary>
public sealed class IngestEventOptions
{
    public const string SectionName = "IngestEvents";

    /// <summary>Older ones are dropped. A month tells what a stack was at; a batch that is sent again after it is a duplicate by its rows all the same.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "3650.00:00:00")]
    public TimeSpan MaxAge { get; set; } = TimeSpan.FromDays(30);

    /// <summary>
    /// Most events; beyond it the oldest are dropped, but none of the last hour. An event with its indexes takes about 350 bytes, so these are
    /// 1.8 GB: a month of 115 customers that push once a minute, or eight hours of ten thousand.
    /// </summary>
    [Range(10_000, 1_000_000_000)]
    public int MaxCount { get; set; } = 5_000_000;
}
