namespace Portal.Web.Devices;

/// <summary>A choice of what a device's chart shows.</summary>
/// <param name="Name">In the address.</param>
/// <param name="Text">Its name in <see cref="DevicesText"/>.</param>
/// <param name="Registers">Names on the wire, one per curve.</param>
/// <param name="Units">One per curve, or one for all.</param>
/// <param name="Tight">The axis needn't begin at zero.</param>
public sealed record Curve(string Name, string Text, string[] Registers, string[] Units, bool Tight = false)
{
    public static readonly Curve[] All =
    [
        new("power", "CurvePower", ["activePowerKw"], ["kW"]),
        new("phases", "CurvePhases", ["activePower1Kw", "activePower2Kw", "activePower3Kw"], ["kW"]),
        new("voltage", "CurveVoltage", ["voltage1V", "voltage2V", "voltage3V"], ["V"], Tight: true),
        new("current", "CurveCurrent", ["current1A", "current2A", "current3A"], ["A"]),
        new("reactive", "CurveReactive", ["reactivePowerKvar", "apparentPowerKva"], ["kvar", "kVA"]),
        new("power-factor", "CurveFactor", ["powerFactor"], [""], Tight: true),
        new("frequency", "CurveFrequency", ["frequencyHz"], ["Hz"], Tight: true),
        new("thd-voltage", "CurveThdVoltage", ["thdVoltage1Pct", "thdVoltage2Pct", "thdVoltage3Pct"], ["%"]),
        new("thd-current", "CurveThdCurrent", ["thdCurrent1Pct", "thdCurrent2Pct", "thdCurrent3Pct"], ["%"]),
    ];

    /// <summary>Power comes from roll-ups; the others from raw rows, of which the API answers a year and the chart asks for twice what is seen.</summary>
    public TimeSpan Longest => Name == "power" ? TimeSpan.FromDays(3_660) : TimeSpan.FromDays(183);

    public string Unit(int curve) => Units[Math.Min(curve, Units.Length - 1)];
}
