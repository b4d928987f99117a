using Portal.Domain.Tariffs;
using static Portal.Domain.Tests.Tariffs.Billing;

namespace Portal.Domain.Tests.Tariffs;

/// <summary>What can't be is named, all of it at once.</summary>
public sealed class CheckTests
{
    [Fact]
    public void The_clocks_and_tariffs_of_the_other_tests_are_sound()
    {
        foreach (var clock in (TariffClock[])[Clocks.Eskom, Clocks.CityPower, Clocks.CapeTown])
        {
            Assert.Empty(Faults(faults => ClockCheck.Check(clock, "clock", faults)));
        }

        var sites = new RandomSites(1);
        Assert.Empty(Of(sites.Version(sites.Charges())));
        Assert.Empty(Of(Version(Clocks.Eskom, VectorTests.Miniflex) with { From = Day("2025-06-01"), To = Day("2025-09-01") }));
    }

    [Fact]
    public void A_season_that_the_version_never_meets_needs_no_prices_and_one_that_it_meets_does()
    {
        var faults = Of(Version(Clocks.Eskom, VectorTests.Miniflex) with { From = Day("2025-06-01"), To = Day("2025-09-02") });

        Assert.Equal([new TariffFault("components[0].rates", "There is no price for low peak, low standard, low off-peak.")], faults);
    }

    [Fact]
    public void Every_fault_of_a_clock_is_found_at_once()
    {
        var season = new ClockSeason("all", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 11, 13], new Dictionary<DayKind, IReadOnlyList<ClockWindow>>
        {
            [DayKind.Weekday] = [new(0, 480, "peak"), new(420, 600, "paek"), new(1_300, 200, "peak")],
            [DayKind.Saturday] = [new(0, 1_440, "peak")],
        });
        var rule = new HolidayRule(DayKind.Holiday, new Dictionary<string, DayKind> { ["Easter"] = DayKind.Sunday });
        var holidays = new ClockHolidays("mars", [new(Day("2025-01-01"), "One"), new(Day("2025-01-01"), "Two")], rule);
        var version = new ClockVersion(Day("2025-01-01"), Day("2024-01-01"), ["peak", "peak"], null, [season], holidays);
        var open = version with { From = Day("2020-01-01"), To = null, Otherwise = "night", Holidays = null };

        var faults = Faults(check => ClockCheck.Check(new TariffClock(" ", [version, open]), "clocks[0]", check)).Select(fault => fault.Path).ToList();

        string[] expected =
        [
            "clocks[0].name",
            "clocks[0].versions[0].to",
            "clocks[0].versions[0].bands[1]",
            "clocks[0].versions[0].seasons[0].months[11]",
            "clocks[0].versions[0].seasons[0].months[12]",
            "clocks[0].versions[0].seasons",
            "clocks[0].versions[0].seasons[0].weekday[1].band",
            "clocks[0].versions[0].seasons[0].weekday[2]",
            "clocks[0].versions[0].seasons[0].weekday[1]",
            "clocks[0].versions[0].seasons[0].weekday", // nothing from ten on
            "clocks[0].versions[0].seasons[0]", // no Sunday
            "clocks[0].versions[0].holidays.calendar",
            "clocks[0].versions[0].holidays.dates[1].date",
            "clocks[0].versions[0].holidays",
            "clocks[0].versions[0].holidays.except",
            "clocks[0].versions[1].otherwise",
        ];
        Assert.Empty(expected.Except(faults));
    }

    [Theory]
    [InlineData("2025-01-01", null, "2024-01-01", null, true)]
    [InlineData("2025-01-01", "2026-01-01", "2025-12-31", null, true)]
    [InlineData("2025-01-01", "2026-01-01", "2026-01-01", null, false)]
    public void Validities_may_touch_and_not_overlap(string from, string? to, string otherFrom, string? otherTo, bool overlaps)
    {
        var one = Version(new FixedCharge("Day", FixedBasis.Day, 1)) with { From = Day(from), To = to is null ? null : Day(to) };
        var other = one with { From = Day(otherFrom), To = otherTo is null ? null : Day(otherTo) };

        Assert.Equal(overlaps ? ["versions[1].from"] : [], Faults(faults => TariffCheck.Check([one, other], "versions", faults)).Select(fault => fault.Path));
    }

    [Fact]
    public void Every_fault_of_a_version_is_found_at_once()
    {
        var version = Version(
            Clocks.Eskom,
            new EnergyCharge("Energy", [new("high", "peak", -1), new("winter", "peak", 1), new("high", "peek", 1), new("high", "peak", 1)]),
            new BlockCharge("Blocks", [new(100, 1), new(50, -1), new(null, 1), new(200, 1)], Free: -5, Seasons: []),
            new Levy("Energy", 1, new BandScope(null, ["night"])),
            new Surcharge("Tax", -101, ["Nothing", "Minimum", "Tax"]),
            new DemandCharge("Demand", DemandUnit.Kva, -1, -1, BandScope.All),
            new CapacityCharge("Capacity", DemandUnit.Kva, 1, 0, 101),
            new ReactiveCharge("Reactive", 1, -1, ReactiveAssessment.Month, BandScope.All),
            new MinimumCharge("Minimum", 1),
            new MinimumCharge("", -1)
        ) with
        {
            Currency = "rand", VatPercent = 101, Source = " ",
            Holidays = new HolidayRule(DayKind.Holiday, new Dictionary<string, DayKind>()),
        };

        string[] expected =
        [
            "currency", "vatPercent", "source", "holidays",
            "components[0].rates[0].price", "components[0].rates[1].season", "components[0].rates[2].band", "components[0].rates[3]",
            "components[1].free", "components[1].seasons", "components[1].blocks[1].price", "components[1].blocks[1].upTo", "components[1].blocks[2].upTo",
            "components[2].name", "components[2].bands[0]",
            "components[3].percent", "components[3].of[0]", "components[3].of[1]", "components[3].of[2]",
            "components[4].price", "components[4].minimum", "components[5].months", "components[5].ratchetPercent", "components[6].freePercent",
            "components", "components[8].name", "components[8].price",
        ];
        Assert.Empty(expected.Except(Of(version).Select(fault => fault.Path)));
        Assert.Equal(["to"], Of(Version(new FixedCharge("Day", FixedBasis.Day, 1)) with { To = Clocks.Always }).Select(fault => fault.Path));
    }

    [Fact]
    public void A_tariff_without_a_clock_has_one_price_and_no_bands()
    {
        var faults = Of(Version(new EnergyCharge("Energy", [new(null, "peak", 1), new(null, null, 1)])));

        Assert.Equal(["components[0].rates[0].band", "components[0].rates[1]"], faults.Select(fault => fault.Path));
        Assert.Equal("There is no band 'peak': the version has no clock in force.", faults[0].Message);
    }

    [Theory]
    [InlineData("2020-01-01", "2025-01-01", "2020-01-01", "2025-01-01", true)]
    [InlineData("2020-01-01", "2025-01-01", "2020-01-01", "2025-01-02", false)]
    [InlineData("2020-01-01", "2025-01-01", "2019-12-31", "2020-02-01", false)]
    [InlineData("2020-01-01", null, "2021-01-01", null, true)]
    [InlineData("2020-01-01", "2025-01-01", "2021-01-01", null, false)]
    public void The_clock_must_be_in_force_for_as_long_as_the_version(string clockFrom, string? clockTo, string from, string? to, bool sound)
    {
        var clock = new TariffClock("Eskom", [Clocks.Eskom.Versions[0] with { From = Day(clockFrom), To = clockTo is null ? null : Day(clockTo) }]);
        var version = Version(clock, ByBand(1, 1, 1)) with { From = Day(from), To = to is null ? null : Day(to) };

        Assert.Equal(sound ? [] : ["clock"], Of(version).Select(fault => fault.Path));
    }

    private static IReadOnlyList<TariffFault> Of(TariffVersion version) => Faults(faults => TariffCheck.Check(version, "", faults));

    private static IReadOnlyList<TariffFault> Faults(Action<TariffFaults> check)
    {
        var faults = new TariffFaults();
        check(faults);
        return faults.All;
    }
}
