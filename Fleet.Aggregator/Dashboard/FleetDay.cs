using Microsoft.Extensions.Options;
using Portal.Domain.Energy;
using Portal.Domain.Sites;

namespace Fleet.Aggregator.Dashboard;

/// <summary>"Today" of the fleet, as whole hours of UTC.</summary>
internal sealed class FleetDay(IOptions<FleetOptions> options, TimeProvider clock)
{
    private readonly TimeZoneInfo zone = TimeZones.Of(options.Value.TimeZone);

    /// <summary>IANA name of the zone.</summary>
    public string TimeZone => zone.Id;

    /// <summary>From the hour that holds the zone's midnight to the one that holds the next.</summary>
    public (DateTimeOffset From, DateTimeOffset To) Today()
    {
        var start = IntervalGrid.Floor(clock.GetUtcNow(), IntervalLength.Day, zone);
        return (Hour(start), Hour(IntervalGrid.Next(start, IntervalLength.Day, zone)));
    }

    private static DateTimeOffset Hour(DateTimeOffset instant) =>
        new(instant.UtcTicks - (instant.UtcTicks % TimeSpan.TicksPerHour), TimeSpan.Zero);
}
