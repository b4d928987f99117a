namespace Portal.Domain.Tariffs;

/// <summary>What a tariff must be so that every bill made with it is determined: each kWh has one price, each name means something.</summary>
public static class TariffCheck
{
    /// <summary>Most components of a version, versions of a tariff, rates of a component.</summary>
    public const int MaxItems = 200;

    /// <param name="path">Of the list of versions.</param>
    public static void Check(IReadOnlyList<TariffVersion> versions, string path, TariffFaults faults)
    {
        faults.Require(versions.Count is >= 1 and <= MaxItems, path, $"There must be 1 to {MaxItems} versions.");
        faults.Overlaps([.. versions.Select(version => (version.From, version.To))], i => $"{path}[{i}].from");
        foreach (var (i, version) in versions.Index())
        {
            Check(version, $"{path}[{i}].", faults);
        }
    }

    /// <param name="prefix">What the names of fields begin with: <c>versions[0].</c>, or nothing where the version is the whole body.</param>
    public static void Check(TariffVersion version, string prefix, TariffFaults faults)
    {
        faults.Range(version.From, version.To, $"{prefix}to");
        faults.Require(
            version.Currency.Length == 3 && version.Currency.All(char.IsAsciiLetterUpper),
            $"{prefix}currency",
            "Must be a currency by its three letters (ISO 4217), such as ZAR."
        );
        faults.Require(version.VatPercent is >= 0 and <= 100, $"{prefix}vatPercent", "Must be from 0 to 100: 15 is fifteen per cent.");
        faults.Require(version.Source.Trim().Length > 0, $"{prefix}source", "Must say where the prices were published: document and page.");
        faults.Require(
            version.Components.Count is >= 1 and <= MaxItems,
            $"{prefix}components",
            $"There must be 1 to {MaxItems} components."
        );
        faults.Unique(version.Components.Select(component => component.Name), i => $"{prefix}components[{i}].name", "component");
        faults.Require(version.Components.OfType<MinimumCharge>().Count() <= 1, $"{prefix}components", "There may be one minimum charge.");
        CheckClock(version, prefix, faults);
        var clocks = ClocksOf(version);
        foreach (var (i, component) in version.Components.Index())
        {
            faults.Name(component.Name, $"{prefix}components[{i}].name");
            ComponentCheck.Check(component, version, clocks, $"{prefix}components[{i}]", faults);
        }
    }

    /// <summary>The clock's versions that hold on some day of the tariff version.</summary>
    private static List<ClockVersion> ClocksOf(TariffVersion version) =>
        [.. (version.Clock?.Versions ?? []).Where(clock => Validity.Overlap(clock.From, clock.To, version.From, version.To)).OrderBy(clock => clock.From)];

    private static void CheckClock(TariffVersion version, string prefix, TariffFaults faults)
    {
        if (version.Clock is null)
        {
            faults.Require(version.Holidays is null, $"{prefix}holidays", "Only a version with a clock can say what holidays count as.");
            return;
        }

        var reached = (DateOnly?)version.From;
        foreach (var clock in ClocksOf(version))
        {
            if (reached is { } day && clock.From <= day)
            {
                reached = clock.To;
            }

            if (version.Holidays is { } rule)
            {
                faults.Require(clock.Holidays is not null, $"{prefix}holidays", $"The clock '{version.Clock.Name}' knows no holidays.");
                ClockCheck.CheckRule(rule, clock, $"{prefix}holidays", faults);
            }
        }

        var ends = reached is null || (version.To is { } to && reached >= to);
        faults.Require(ends, $"{prefix}clock", $"The clock '{version.Clock.Name}' has no version in force on {reached:yyyy-MM-dd}.");
    }
}
