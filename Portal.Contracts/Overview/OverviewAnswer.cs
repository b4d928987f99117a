namespace Portal.Contracts.Overview;

/// <summary>Answer of <c>GET /api/overview</c>: what the start page shows.</summary>
/// <param name="At">When the figures were taken.</param>
/// <param name="PowerKw">Sum of the sites' power; null where no site has one.</param>
/// <param name="EnergyTodayKwh">Sum of the sites' energy since each one's midnight; null where none has one.</param>
/// <param name="EnergyTodayEstimated">True where one of the parts is an estimate.</param>
/// <param name="Sites">By name.</param>
public sealed record OverviewAnswer(
    DateTimeOffset At,
    double? PowerKw,
    double? EnergyTodayKwh,
    bool EnergyTodayEstimated,
    IReadOnlyList<OverviewSite> Sites
);

/// <summary>A site now.</summary>
/// <param name="TimeZone">IANA name.</param>
/// <param name="PowerKw">Sum of its main meters' power, kW, negative while it feeds in; null where none posted lately.</param>
/// <param name="EnergyTodayKwh">kWh its main meters drew since <paramref name="DayStart"/>; null where nothing is known.</param>
/// <param name="EnergyTodayEstimated">True where that goes over a gap at midnight or a reset.</param>
/// <param name="DayStart">Midnight on the site's clock, with its offset.</param>
/// <param name="Devices">All its devices, by name.</param>
/// <param name="Cost">What the month has cost so far; null where no tariff applies, or it isn't worked out yet.</param>
public sealed record OverviewSite(
    string Id,
    string Name,
    string TimeZone,
    double? PowerKw,
    double? EnergyTodayKwh,
    bool EnergyTodayEstimated,
    DateTimeOffset DayStart,
    IReadOnlyList<OverviewDevice> Devices,
    OverviewCost? Cost = null
);

/// <summary>What a site's month has cost so far.</summary>
/// <param name="From">First of the month on the site's clock.</param>
/// <param name="To">Up to when, at most some minutes ago.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Total">With VAT, to the cent.</param>
/// <param name="Estimated">True where a quantity is an estimate, or something is missing: the truth is more.</param>
public sealed record OverviewCost(DateTimeOffset From, DateTimeOffset To, string Currency, decimal Total, bool Estimated);

/// <summary>A device now.</summary>
/// <param name="Role"><see cref="Devices.DeviceRoles"/>.</param>
/// <param name="LastSeenAt">Time of its newest measurement, by its own clock; null where it never posted.</param>
/// <param name="PowerKw">Its newest power, kW; null where that is over a quarter of an hour old.</param>
public sealed record OverviewDevice(string Id, string Name, string ExternalId, string Role, DateTimeOffset? LastSeenAt, double? PowerKw);

/// <summary>Answer of <c>GET /api/overview/past</c>: what the start page compares today with. Changes slowly: ask once a minute.</summary>
/// <param name="Sites">By name, as in <see cref="OverviewAnswer"/>.</param>
public sealed record OverviewPast(IReadOnlyList<OverviewSitePast> Sites);

/// <summary>A site before.</summary>
/// <param name="YesterdayKwh">kWh its main meters drew from yesterday's midnight to as late in the day as it is now; null where nothing is known.</param>
/// <param name="YesterdayEstimated">True where that leans on an estimate.</param>
/// <param name="PeakKw">
/// This month's peak demand: the largest mean power of its main meters together over a half-hour of the site's clock that is over, kW;
/// null where none is known.
/// </param>
/// <param name="PeakAt">Start of that half-hour.</param>
public sealed record OverviewSitePast(string Id, string Name, string TimeZone, double? YesterdayKwh, bool YesterdayEstimated, double? PeakKw, DateTimeOffset? PeakAt);
