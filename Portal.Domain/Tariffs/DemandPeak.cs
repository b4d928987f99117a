namespace Portal.Domain.Tariffs;

/// <summary>The largest demand of some half-hours.</summary>
/// <param name="Demand">To a millionth, since a root has no end; null where none of them is known.</param>
/// <param name="At">UTC ticks of the half-hour that has it; the first of equals.</param>
/// <param name="Doubts">Of that half-hour.</param>
/// <param name="AreAllMeasured">False where another half-hour might have had a larger one.</param>
/// <param name="Missing">Time of half-hours that are not known.</param>
internal readonly record struct DemandPeak(decimal? Demand, long At, EnergyDoubts Doubts, bool AreAllMeasured, TimeSpan Missing)
{
    /// <summary>True where the registers were read at the edges of the half-hour.</summary>
    public bool IsPeakMeasured => Doubts == EnergyDoubts.None;

    /// <summary>Every band there can be.</summary>
    public const int AllBands = ~0;

    /// <param name="bands">Half-hours that touch one of these bands count; bit n is band n. Where there are none, the demand is 0.</param>
    public static DemandPeak Of(HalfHour[] halfHours, DemandUnit unit, int bands)
    {
        var (peak, highest) = (-1, double.NegativeInfinity);
        var (allMeasured, none, missing) = (true, true, 0L);
        for (var i = 0; i < halfHours.Length; i++)
        {
            if ((halfHours[i].Bands & bands) == 0)
            {
                continue;
            }

            none = false;
            allMeasured &= halfHours[i].DoubtsOf(unit) == EnergyDoubts.None;
            if (!halfHours[i].IsKnown)
            {
                missing += HalfHour.Length;
            }
            else if (halfHours[i].In(unit) > highest)
            {
                (peak, highest) = (i, halfHours[i].In(unit));
            }
        }

        var span = TimeSpan.FromTicks(missing);
        return peak < 0
            ? new DemandPeak(none ? 0 : null, 0, EnergyDoubts.None, allMeasured, span)
            : new DemandPeak(Rounded(highest), halfHours[peak].Start, halfHours[peak].DoubtsOf(unit), allMeasured, span);
    }

    /// <summary>A demand as it is charged.</summary>
    public static decimal Rounded(double demand) => Math.Round((decimal)demand, 6);
}
