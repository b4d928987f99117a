using System.Globalization;

namespace Portal.Domain.Tariffs;

/// <summary>Rules of lines as sentences, for people who check a bill.</summary>
internal static class LineRules
{
    public static string Of(BillLine line) =>
        line.Component switch
        {
            EnergyCharge => $"Energy drawn{In(line.Season, line.Band)}, the difference of the registers at the edges, times the price per kWh.",
            Levy levy => $"Energy drawn{In(levy.Scope)}, times the levy per kWh.",
            BlockCharge charge => Blocks(line, charge),
            ReactiveCharge charge => Reactive(charge),
            ExportCredit credit => $"Energy fed in{In(line.Season, line.Band)}{(credit.Capped ? ", at most what was drawn in the same band" : "")}, credited per kWh.",
            DemandCharge charge =>
                $"The largest half-hour demand{In(charge.Scope)}{Minimum(charge)}, times the price per {line.Unit} and month{Pro(line)}.",
            CapacityCharge charge => Capacity(line, charge),
            FixedCharge { Per: FixedBasis.Day } => "The price per day, times the days.",
            FixedCharge { Per: FixedBasis.Month } => $"The price per month{Pro(line)}.",
            FixedCharge => $"The price per {line.Unit} and month, times how many the site has{Pro(line)}.",
            Surcharge surcharge => $"{Text(surcharge.Percent)} % of {(surcharge.Of is null ? "the other charges" : string.Join(", ", surcharge.Of))}.",
            MinimumCharge minimum => $"What is missing to the minimum of {Text(minimum.Price)} per month, of which a part of a month has its share.",
            _ => "",
        };

    private static string Blocks(BillLine line, BlockCharge charge)
    {
        var range = line.Block is { To: { } to } ? $"from {Text(line.Block.Value.From)} to {Text(to)} kWh" : $"above {Text(line.Block?.From ?? 0)} kWh";
        var scaled = charge.Normalised ? $" The limits are for {BlockCharge.NormalDays} days, and scaled to the days of the month." : "";
        return line.Price is null
            ? $"Energy {range} of the calendar month, for which the tariff has no price.{scaled}"
            : $"Energy {range} of the calendar month, counted from its first day, times the block's price per kWh.{scaled}";
    }

    private static string Reactive(ReactiveCharge charge) =>
        charge.FreePercent == 0 ? $"Reactive energy drawn{In(charge.Scope)}, times the price per kvarh."
        : charge.Assessment == ReactiveAssessment.HalfHour
            ? $"Reactive energy of each half-hour{In(charge.Scope)} beyond {Text(charge.FreePercent)} % of its active energy, times the price per kvarh."
            : $"Reactive energy{In(charge.Scope)} beyond {Text(charge.FreePercent)} % of the active energy, times the price per kvarh.";

    private static string Capacity(BillLine line, CapacityCharge charge)
    {
        var ratchet = charge.RatchetPercent == 100 ? "" : $", of earlier months {Text(charge.RatchetPercent)} %";
        var notified = charge.Unit == DemandUnit.Kva ? "The notified demand or, where it is higher, " : "";
        var demand = $"{(notified.Length == 0 ? "The" : "the")} largest half-hour demand of {charge.Months} months{ratchet}";
        return $"{notified}{demand}, times the price per {line.Unit} and month{Pro(line)}.";
    }

    private static string Minimum(DemandCharge charge) => charge.Minimum > 0 ? $", {Text(charge.Minimum)} at least" : "";

    private static string Pro(BillLine line) => line.Share == 1 ? "" : ", for the share of the month";

    private static string In(BandScope scope) =>
        (scope.Seasons is null ? "" : $" in season {string.Join(", ", scope.Seasons)}") + (scope.Bands is null ? "" : $" in {string.Join(", ", scope.Bands)}");

    private static string In(string? season, string? band) => (band is null ? "" : $" in {band}") + (season is null ? "" : $" in season {season}");

    private static string Text(decimal number) => number.ToString("0.############", CultureInfo.InvariantCulture);
}
