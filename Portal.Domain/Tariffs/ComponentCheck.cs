namespace Portal.Domain.Tariffs;

/// <summary>What each kind of component must be.</summary>
internal static class ComponentCheck
{
    private const int MostMonths = 36;

    /// <param name="clocks">Those in force while the version is; empty where it has none.</param>
    public static void Check(TariffComponent component, TariffVersion version, List<ClockVersion> clocks, string path, TariffFaults faults)
    {
        switch (component)
        {
            case EnergyCharge energy:
                CheckRates(energy.Rates, clocks, path, faults);
                CheckCoverage(energy.Rates, version, clocks, path, faults);
                break;
            case ExportCredit export:
                CheckRates(export.Rates, clocks, path, faults);
                break;
            case BlockCharge blocks:
                CheckBlocks(blocks, clocks, path, faults);
                break;
            case Levy levy:
                faults.NotNegative(levy.Price, $"{path}.price");
                CheckScope(levy.Scope, clocks, path, faults);
                break;
            case DemandCharge demand:
                faults.NotNegative(demand.Price, $"{path}.price");
                faults.NotNegative(demand.Minimum, $"{path}.minimum");
                CheckScope(demand.Scope, clocks, path, faults);
                break;
            case CapacityCharge capacity:
                faults.NotNegative(capacity.Price, $"{path}.price");
                faults.Require(capacity.Months is >= 1 and <= MostMonths, $"{path}.months", $"Must be from 1 to {MostMonths}.");
                faults.Require(capacity.RatchetPercent is >= 0 and <= 100, $"{path}.ratchetPercent", "Must be from 0 to 100.");
                break;
            case FixedCharge fixedCharge:
                faults.NotNegative(fixedCharge.Price, $"{path}.price");
                break;
            case ReactiveCharge reactive:
                faults.NotNegative(reactive.Price, $"{path}.price");
                faults.Require(reactive.FreePercent is >= 0 and <= 1_000, $"{path}.freePercent", "Must be from 0 to 1000: 30 is 30 kvarh per 100 kWh.");
                CheckScope(reactive.Scope, clocks, path, faults);
                break;
            case Surcharge surcharge:
                CheckSurcharge(surcharge, version, path, faults);
                break;
            case MinimumCharge minimum:
                faults.NotNegative(minimum.Price, $"{path}.price");
                break;
        }
    }

    private static void CheckRates(IReadOnlyList<EnergyRate> rates, List<ClockVersion> clocks, string path, TariffFaults faults)
    {
        faults.Require(rates.Count is >= 1 and <= TariffCheck.MaxItems, $"{path}.rates", $"There must be 1 to {TariffCheck.MaxItems} rates.");
        foreach (var (i, rate) in rates.Index())
        {
            faults.NotNegative(rate.Price, $"{path}.rates[{i}].price");
            CheckSeason(rate.Season, clocks, $"{path}.rates[{i}].season", faults);
            CheckBand(rate.Band, clocks, $"{path}.rates[{i}].band", faults);
            for (var earlier = 0; earlier < i; earlier++)
            {
                var other = rates[earlier];
                var both = (rate.Season is null || other.Season is null || rate.Season == other.Season) && (rate.Band is null || other.Band is null || rate.Band == other.Band);
                faults.Require(!both, $"{path}.rates[{i}]", $"Is for the same energy as rate {earlier + 1} of this component.");
            }
        }
    }

    /// <summary>Each season that the version meets has a price for each band.</summary>
    private static void CheckCoverage(IReadOnlyList<EnergyRate> rates, TariffVersion version, List<ClockVersion> clocks, string path, TariffFaults faults)
    {
        var missing = new List<string>();
        foreach (var clock in clocks)
        {
            foreach (var season in clock.Seasons.Where(season => Meets(version, clock, season)))
            {
                var ofSeason = rates.Where(rate => rate.Season is null || rate.Season == season.Name).ToList();
                missing.AddRange(clock.Bands.Where(band => !ofSeason.Exists(rate => rate.Band is null || rate.Band == band)).Select(band => $"{season.Name} {band}"));
            }
        }

        faults.Require(missing.Count == 0, $"{path}.rates", $"There is no price for {string.Join(", ", missing.Distinct())}.");
    }

    /// <summary>True where one of the season's months has a day on which both are in force.</summary>
    private static bool Meets(TariffVersion version, ClockVersion clock, ClockSeason season)
    {
        var from = version.From > clock.From ? version.From : clock.From;
        var to = Earlier(version.To, clock.To);
        for (var month = new DateOnly(from.Year, from.Month, 1); (to is null || month < to) && month < from.AddYears(1); month = month.AddMonths(1))
        {
            if (season.Months.Contains(month.Month))
            {
                return true;
            }
        }

        return false;
    }

    private static DateOnly? Earlier(DateOnly? one, DateOnly? other) => one is null || other < one ? other : one;

    private static void CheckBlocks(BlockCharge charge, List<ClockVersion> clocks, string path, TariffFaults faults)
    {
        faults.NotNegative(charge.Free, $"{path}.free");
        faults.Require(charge.Blocks.Count is >= 1 and <= TariffCheck.MaxItems, $"{path}.blocks", $"There must be 1 to {TariffCheck.MaxItems} blocks.");
        CheckScope(new BandScope(charge.Seasons, null), clocks, path, faults);
        var reached = 0m;
        foreach (var (i, block) in charge.Blocks.Index())
        {
            faults.NotNegative(block.Price, $"{path}.blocks[{i}].price");
            if (block.UpTo is not { } upTo)
            {
                faults.Require(i == charge.Blocks.Count - 1, $"{path}.blocks[{i}].upTo", "Only the last block may have no end.");
                continue;
            }

            faults.Require(
                upTo > reached && upTo <= TariffFaults.MaxNumber,
                $"{path}.blocks[{i}].upTo",
                $"Must be more than {reached:0.######} kWh, where the block begins."
            );
            reached = Math.Max(reached, upTo);
        }
    }

    private static void CheckSurcharge(Surcharge surcharge, TariffVersion version, string path, TariffFaults faults)
    {
        faults.Require(surcharge.Percent is >= -100 and <= 1_000, $"{path}.percent", "Must be from -100 to 1000: 6 is six per cent.");
        foreach (var (i, name) in (surcharge.Of ?? []).Index())
        {
            var of = version.Components.FirstOrDefault(component => component.Name == name);
            faults.Require(of is not null, $"{path}.of[{i}]", $"There is no component '{name}' in this version.");
            faults.Require(of is not (Surcharge or MinimumCharge), $"{path}.of[{i}]", "Can't be a percentage of a surcharge or of the minimum charge.");
        }

        faults.Require(surcharge.Of is null or { Count: > 0 }, $"{path}.of", "Must name a component; leave it out for a percentage of all charges.");
    }

    private static void CheckScope(BandScope scope, List<ClockVersion> clocks, string path, TariffFaults faults)
    {
        faults.Require(scope.Seasons is null or { Count: > 0 }, $"{path}.seasons", "Must name a season; leave it out for all of them.");
        faults.Require(scope.Bands is null or { Count: > 0 }, $"{path}.bands", "Must name a band; leave it out for all of them.");
        foreach (var (i, season) in (scope.Seasons ?? []).Index())
        {
            CheckSeason(season, clocks, $"{path}.seasons[{i}]", faults);
        }

        foreach (var (i, band) in (scope.Bands ?? []).Index())
        {
            CheckBand(band, clocks, $"{path}.bands[{i}]", faults);
        }
    }

    private static void CheckSeason(string? season, List<ClockVersion> clocks, string path, TariffFaults faults)
    {
        if (season is null)
        {
            return;
        }

        var names = clocks.SelectMany(clock => clock.Seasons).Select(known => known.Name).Distinct().ToList();
        faults.Require(names.Contains(season), path, Unknown("season", season, names));
    }

    private static void CheckBand(string? band, List<ClockVersion> clocks, string path, TariffFaults faults)
    {
        if (band is null)
        {
            return;
        }

        var names = clocks.SelectMany(clock => clock.Bands).Distinct().ToList();
        faults.Require(names.Contains(band), path, Unknown("band", band, names));
    }

    private static string Unknown(string what, string name, List<string> names) =>
        names.Count == 0
            ? $"There is no {what} '{name}': the version has no clock in force."
            : $"There is no {what} '{name}'. The clock has {string.Join(", ", names)}.";
}
