using Portal.TimeSeries;

namespace Fleet.Aggregator.Measurements;

/// <summary>The measurements of all customers, schema <c>fleet</c>.</summary>
internal static class FleetSeries
{
    /// <summary>
    /// How far ahead of our clock a time may be: the stack that took the row has judged it by its own clock, which may be wrong by hours. What
    /// it stored is wanted here as well.
    /// </summary>
    private static readonly TimeSpan MaxAhead = TimeSpan.FromHours(24);

    public static readonly SeriesLayout Layout = new(
        "fleet",
        HasCustomers: true,
        MaxAhead,
        new SeriesLocks(FleetLocks.Schema, FleetLocks.RollUps, FleetLocks.Partitions),
        typeof(FleetSeries).Assembly
    )
    {
        Readable = ["Customers", "IngestEvents", "Silences"],
    };
}
