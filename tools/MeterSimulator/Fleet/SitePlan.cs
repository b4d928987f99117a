namespace MeterSimulator.Fleet;

/// <summary>A site as it is registered in the portal.</summary>
internal sealed record SitePlan(string Name, TimeZoneInfo Zone);
