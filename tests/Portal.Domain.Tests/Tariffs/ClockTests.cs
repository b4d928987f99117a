using Portal.Domain.Tariffs;
using static Portal.Domain.Tests.Tariffs.Billing;

namespace Portal.Domain.Tests.Tariffs;

public sealed class ClockTests
{
    [Theory]
    [InlineData("2025-06-03 07:59", Clocks.Peak)]
    [InlineData("2025-06-03 08:00", Clocks.Standard)]
    [InlineData("2025-06-03 16:59", Clocks.Standard)]
    [InlineData("2025-06-03 17:00", Clocks.Peak)]
    [InlineData("2025-06-03 19:59", Clocks.Peak)]
    [InlineData("2025-06-03 20:00", Clocks.Standard)]
    [InlineData("2025-06-03 21:59", Clocks.Standard)]
    [InlineData("2025-06-03 22:00", Clocks.OffPeak)]
    [InlineData("2025-06-03 05:59", Clocks.OffPeak)]
    [InlineData("2025-06-03 06:00", Clocks.Peak)]
    [InlineData("2025-06-07 07:00", Clocks.Standard)] // Saturday
    [InlineData("2025-06-07 12:00", Clocks.OffPeak)]
    [InlineData("2025-06-07 18:59", Clocks.Standard)]
    [InlineData("2025-06-08 07:00", Clocks.OffPeak)] // Sunday
    [InlineData("2025-06-08 17:00", Clocks.Standard)]
    [InlineData("2025-09-02 06:30", Clocks.Standard)] // low season
    [InlineData("2025-09-02 08:59", Clocks.Peak)]
    [InlineData("2025-09-02 20:59", Clocks.Peak)]
    [InlineData("2025-09-06 18:00", Clocks.Standard)] // Saturday
    [InlineData("2025-09-07 17:59", Clocks.OffPeak)] // Sunday
    public void Eskoms_windows_are_half_open(string minute, string band) => Assert.Equal(band, BandAt(Clocks.Eskom, minute));

    [Theory]
    [InlineData("2025-06-03 06:59", Clocks.Standard)]
    [InlineData("2025-06-03 07:00", Clocks.Peak)]
    [InlineData("2025-06-03 10:00", Clocks.Standard)]
    [InlineData("2025-06-03 19:59", Clocks.Peak)]
    [InlineData("2025-06-03 22:00", Clocks.OffPeak)]
    [InlineData("2025-09-06 18:00", Clocks.Standard)] // Saturday
    [InlineData("2025-09-07 18:59", Clocks.Standard)] // Sunday
    [InlineData("2025-09-07 19:00", Clocks.OffPeak)]
    public void City_powers_windows_are_the_same_all_year(string minute, string band) => Assert.Equal(band, BandAt(Clocks.CityPower, minute));

    [Theory]
    [InlineData("2025-06-03 06:59", Clocks.Standard)]
    [InlineData("2025-06-03 07:00", Clocks.Peak)]
    [InlineData("2025-06-03 18:00", Clocks.Peak)]
    [InlineData("2025-06-08 18:00", Clocks.Standard)]
    public void Cape_town_keeps_the_low_season_in_winter(string minute, string band) => Assert.Equal(band, BandAt(Clocks.CapeTown, minute));

    [Theory]
    [InlineData("2025-09-24 07:30", Clocks.Standard)] // Heritage Day, a Wednesday: as a Saturday
    [InlineData("2025-09-24 12:30", Clocks.OffPeak)]
    [InlineData("2024-06-16 07:30", Clocks.OffPeak)] // Youth Day on a Sunday stays a Sunday
    [InlineData("2024-06-16 17:30", Clocks.Standard)]
    [InlineData("2024-06-17 07:30", Clocks.Standard)] // and the Monday after it is the holiday
    [InlineData("2024-06-17 17:30", Clocks.OffPeak)]
    [InlineData("2024-06-18 07:30", Clocks.Peak)]
    public void City_power_takes_holidays_for_saturdays(string minute, string band) => Assert.Equal(band, BandAt(Clocks.CityPower, minute));

    [Fact]
    public void A_version_may_say_for_itself_what_holidays_count_as_and_name_exceptions()
    {
        var rule = new HolidayRule(DayKind.Weekday, new Dictionary<string, DayKind> { ["Good Friday"] = DayKind.Sunday });

        Assert.Equal(Clocks.Peak, BandAt(Clocks.CityPower, "2025-09-24 07:30", rule));
        Assert.Equal(Clocks.OffPeak, BandAt(Clocks.CityPower, "2025-04-18 07:30", rule));
        Assert.Equal(Clocks.Standard, BandAt(Clocks.CityPower, "2025-04-18 17:30", rule));
    }

    [Fact]
    public void Holidays_may_be_listed_and_have_windows_of_their_own()
    {
        var days = new Dictionary<DayKind, IReadOnlyList<ClockWindow>>
        {
            [DayKind.Weekday] = [new(0, 1440, "day")],
            [DayKind.Saturday] = [new(0, 1440, "day")],
            [DayKind.Sunday] = [new(0, 1440, "day")],
            [DayKind.Holiday] = [new(0, 375, "day"), new(375, 380, "short"), new(380, 1440, "day")],
        };
        var listed = new ClockHolidays(null, [new(Day("2026-11-04"), "Election")], new HolidayRule(DayKind.Holiday, new Dictionary<string, DayKind>()));
        var clock = new TariffClock("Own", [new ClockVersion(Clocks.Always, null, ["day", "short"], null, [new("all", [.. Enumerable.Range(1, 12)], days)], listed)]);

        Assert.Equal("short", BandAt(clock, "2026-11-04 06:19"));
        Assert.Equal("day", BandAt(clock, "2026-11-04 06:20"));
        Assert.Equal("day", BandAt(clock, "2026-11-05 06:19"));
    }

    /// <summary>The band of one minute.</summary>
    private static string BandAt(TariffClock clock, string minute, HolidayRule? rule = null)
    {
        var bands = clock.Versions[0].Bands.Select(band => new EnergyRate(null, band, 1)).ToList();
        var version = Version(clock, new EnergyCharge("Energy", bands)) with { Holidays = rule };
        var at = At(minute);
        var meter = new MeterRegisters(MeterRegisters.Curve([Reading(at.AddHours(-1), 0), Reading(at.AddHours(1), 2)]));
        var bill = BillCalculator.Calculate(Input(Tariff(version), at, at.AddMinutes(1), meter));
        return Assert.Single(bill.Lines).Band!;
    }
}
