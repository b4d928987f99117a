namespace MeterSimulator.Metering;

/// <summary>Three-phase power at an instant; negative flows towards the grid.</summary>
internal readonly record struct PowerPoint(double Kw, double Kvar)
{
    public double Kva => Math.Sqrt((Kw * Kw) + (Kvar * Kvar));

    public static PowerPoint Between(PowerPoint from, PowerPoint to, double part) =>
        new(from.Kw + ((to.Kw - from.Kw) * part), from.Kvar + ((to.Kvar - from.Kvar) * part));
}
