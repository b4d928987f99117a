namespace Portal.Domain.Energy;

/// <summary>What a register that went down still says about the energy in between.</summary>
public static class RegisterReset
{
    /// <summary>
    /// Largest step down that is rounding and not a reset: modules post registers through single precision, whose steps are
    /// 6·10⁻⁸ of the value, and print them with one or two decimals.
    /// </summary>
    public static double Rounding(double reading) => Math.Max(0.01, Math.Abs(reading) * 1e-6);

    /// <summary>True where <paramref name="after"/> lies below <paramref name="before"/> by more than rounding.</summary>
    public static bool Happened(double before, double after) => before - after > Rounding(before);

    /// <summary>
    /// Energy counted over a reset: the register started again at zero, so the new reading is what was used since. If that is
    /// more than twice the highest power around could have used in the time (a swapped meter that came with a reading of its
    /// own), nothing is counted rather than something invented.
    /// </summary>
    /// <param name="after">First reading after the reset, in the register's unit.</param>
    /// <param name="span">Time between the readings on both sides.</param>
    /// <param name="peakPowerKw">Largest power magnitude known around it, kW; null: not known, the reading is believed.</param>
    /// <returns>Energy in the register's unit, never negative. Always an estimate.</returns>
    public static double EnergySince(double after, TimeSpan span, double? peakPowerKw)
    {
        var plausible = peakPowerKw is { } power ? 2 * power * span.TotalHours + 1 : double.PositiveInfinity;
        return after >= 0 && after <= plausible ? after : 0;
    }
}
