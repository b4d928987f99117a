using Microsoft.Extensions.Options;
using Portal.Domain.Sites;

namespace Fleet.Aggregator.Dashboard;

/// <summary>Section <c>Fleet</c>: the operators' view of the whole fleet.</summary>
public sealed class FleetOptions
{
    public const string SectionName = "Fleet";

    /// <summary>
    /// IANA name of the zone whose day is "today" for all customers. The fleet keeps whole hours of UTC: where midnight lies within one (India,
    /// Adelaide), the day begins with that hour and ends before the next day's, so its figures are off by that part of an hour at both ends.
    /// </summary>
    public string TimeZone { get; set; } = "UTC";
}

internal sealed class FleetOptionsValidator : IValidateOptions<FleetOptions>
{
    public ValidateOptionsResult Validate(string? name, FleetOptions options) =>
        TimeZones.TryFind(options.TimeZone, out _)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"Fleet__TimeZone is '{options.TimeZone}'. {TimeZones.Expected}");
}
