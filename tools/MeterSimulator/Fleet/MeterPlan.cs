using MeterSimulator.Metering;

namespace MeterSimulator.Fleet;

/// <summary>A meter as it is registered in the portal, and what stands behind it.</summary>
/// <param name="Serial">Its identity: the portal's <c>externalId</c>.</param>
/// <param name="Role">main, sub, generation or check.</param>
/// <param name="Registered">False for the one that the portal is not told of.</param>
internal sealed record MeterPlan(
    string Serial, string Name, string Model, string Role, SitePlan Site, Meter Meter, bool Registered = true);
