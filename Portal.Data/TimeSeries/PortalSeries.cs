using Portal.Data.Connection;
using Portal.Domain.Measurements;
using Portal.TimeSeries;

namespace Portal.Data.TimeSeries;

/// <summary>The measurements of a customer's stack.</summary>
internal static class PortalSeries
{
    public static readonly SeriesLayout Layout = new(
        "monitoring",
        HasCustomers: false,
        MeterClock.MaxAhead,
        new SeriesLocks(AdvisoryLocks.Schema, AdvisoryLocks.RollUps, AdvisoryLocks.Partitions),
        typeof(PortalSeries).Assembly
    );
}
