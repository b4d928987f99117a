using Portal.Domain.Energy;

namespace Portal.Domain.Tariffs;

/// <summary>What a bill has to read, found out from its tariffs before anything is read.</summary>
/// <param name="From">Earliest instant: the first of the month for blocks, months back for capacity charges.</param>
/// <param name="To">The period's end.</param>
/// <param name="Resolution">
/// <see cref="IntervalLength.Hour"/> where every edge is a whole UTC hour and no demand is charged: hourly roll-ups have the same readings around
/// those edges as quarter-hourly ones. <see cref="IntervalLength.QuarterHour"/> otherwise.
/// </param>
/// <param name="Export">True where exported energy is credited.</param>
/// <param name="Reactive">True where reactive energy or kVA is charged.</param>
public sealed record BillNeeds(DateTimeOffset From, DateTimeOffset To, IntervalLength Resolution, bool Export, bool Reactive)
{
    /// <param name="input">Its meters are not looked at.</param>
    /// <param name="explained">True: for an explanation, which goes down to half-hours.</param>
    /// <exception cref="MixedCurrenciesException">Two versions of the period have different currencies: no bill can be made.</exception>
    public static BillNeeds Of(BillInput input, bool explained = false)
    {
        var parts = BillParts.Of(input, []);
        BillCalculator.CheckCurrency(parts);
        var from = input.From;
        var (halfHours, export, reactive) = (explained, false, false);
        foreach (var part in parts)
        {
            foreach (var component in part.Version.Components)
            {
                export |= component is ExportCredit;
                reactive |= component is ReactiveCharge or DemandCharge { Unit: DemandUnit.Kva } or CapacityCharge { Unit: DemandUnit.Kva };
                halfHours |= component is DemandCharge or CapacityCharge or ReactiveCharge { FreePercent: > 0, Assessment: ReactiveAssessment.HalfHour };
                var back = component switch
                {
                    BlockCharge => 0,
                    CapacityCharge capacity => capacity.Months - 1,
                    _ => -1,
                };
                if (back >= 0 && StartOf(part.Month.AddMonths(-back), input.Zone) is var start && start < from)
                {
                    from = start;
                }
            }
        }

        var hourly = !halfHours && IsWholeHour(from.UtcTicks) && parts.TrueForAll(part => part.Runs().Edges.All(IsWholeHour));
        return new BillNeeds(from, input.To, hourly ? IntervalLength.Hour : IntervalLength.QuarterHour, export, reactive);
    }

    private static bool IsWholeHour(long ticks) => ticks % TimeSpan.TicksPerHour == 0;

    private static DateTimeOffset StartOf(DateOnly date, TimeZoneInfo zone) => IntervalGrid.StartOfDay(date.ToDateTime(TimeOnly.MinValue), zone);
}
