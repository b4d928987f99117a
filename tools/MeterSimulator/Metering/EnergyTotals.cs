namespace MeterSimulator.Metering;

/// <summary>What has flowed since some moment; each part only grows.</summary>
internal readonly record struct EnergyTotals(
    double ImportKwh, double ExportKwh, double ImportKvarh, double ExportKvarh, double Kvah)
{
    public static EnergyTotals operator +(EnergyTotals a, EnergyTotals b) => new(
        a.ImportKwh + b.ImportKwh, a.ExportKwh + b.ExportKwh, a.ImportKvarh + b.ImportKvarh, a.ExportKvarh + b.ExportKvarh,
        a.Kvah + b.Kvah);

    public static EnergyTotals operator -(EnergyTotals a, EnergyTotals b) => new(
        a.ImportKwh - b.ImportKwh, a.ExportKwh - b.ExportKwh, a.ImportKvarh - b.ImportKvarh, a.ExportKvarh - b.ExportKvarh,
        a.Kvah - b.Kvah);

    public static EnergyTotals operator *(double factor, EnergyTotals a) => new(
        factor * a.ImportKwh, factor * a.ExportKwh, factor * a.ImportKvarh, factor * a.ExportKvarh, factor * a.Kvah);

    /// <summary>What flows in the first <paramref name="part"/> (0 to 1) of a minute that runs in a straight line from one power to another.</summary>
    public static EnergyTotals OfMinute(PowerPoint from, PowerPoint to, double part = 1)
    {
        var apparent = from.Kva + ((to.Kva - from.Kva) * part);
        return new(
            PositiveArea(from.Kw, to.Kw, part) / 60, PositiveArea(-from.Kw, -to.Kw, part) / 60,
            PositiveArea(from.Kvar, to.Kvar, part) / 60, PositiveArea(-from.Kvar, -to.Kvar, part) / 60,
            (from.Kva + apparent) / 2 * part / 60);
    }

    // The area above zero under the line from (0, a) to (1, b), as far as x.
    private static double PositiveArea(double a, double b, double x)
    {
        var end = a + ((b - a) * x);
        if (a >= 0 && end >= 0) return (a + end) / 2 * x;
        if (a <= 0 && end <= 0) return 0;
        var crossing = a / (a - b);
        return a > 0 ? a * crossing / 2 : end * (x - crossing) / 2;
    }
}
