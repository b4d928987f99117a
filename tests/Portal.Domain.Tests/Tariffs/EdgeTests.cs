using Portal.Domain.Energy;
using Portal.Domain.Tariffs;
using static Portal.Domain.Tests.Tariffs.Billing;

namespace Portal.Domain.Tests.Tariffs;

/// <summary>What happens where something changes, is missing or doesn't fit.</summary>
public sealed class EdgeTests
{
    private static readonly EnergyCharge Bands = ByBand(3, 2, 1);

    [Fact]
    public void A_reading_interval_astride_a_bands_edge_is_split_and_flagged()
    {
        // Read on the hour; the band begins at half past six: 6 kWh from six to seven, of which half are its.
        var clock = HalfPastSix();
        var meter = new MeterRegisters(MeterRegisters.Curve(Readings(At("2025-06-02"), At("2025-06-03"), 60, at => at.Hour == 6 ? 6 : 0)));

        var bill = Bill(Version(clock, Bands), "2025-06-02", "2025-06-03", meter);

        Assert.Equal(3m, bill.Lines.Single(line => line.Band == Clocks.Peak).Quantity);
        Assert.Equal(3m, bill.Lines.Single(line => line.Band == Clocks.OffPeak).Quantity);
        Assert.All(bill.Lines, line => Assert.True(line.IsEstimated));
        Assert.True(bill.IsComplete);
    }

    [Theory]
    [InlineData(60, true)] // a twentieth of the run, but an hour
    [InlineData(5, false)]
    public void Edges_of_long_runs_must_be_read_as_closely_as_those_of_short_ones(int minutes, bool estimated)
    {
        // Two minutes off the hour; one run of a day, from midnight to midnight.
        var meter = new MeterRegisters(MeterRegisters.Curve(Readings(At("2025-05-31 00:02"), At("2025-06-04"), minutes, _ => 1)));

        Assert.Equal(estimated, Bill(Version(new EnergyCharge("Energy", [new(null, null, 1)])), "2025-06-02", "2025-06-03", meter).IsEstimated);
    }

    [Fact]
    public void The_same_edge_with_a_reading_on_it_is_exact()
    {
        var meter = new MeterRegisters(MeterRegisters.Curve(Readings(At("2025-06-02"), At("2025-06-03"), 30, at => at.Hour == 6 && at.Minute == 30 ? 6 : 1)));

        var bill = Bill(Version(HalfPastSix(), Bands), "2025-06-02", "2025-06-03", meter);

        Assert.Equal(3m + 0.5m, bill.Lines.Single(line => line.Band == Clocks.Peak).Quantity); // 06:30 to 07:30
        Assert.False(bill.IsEstimated);
    }

    [Fact]
    public void A_demand_half_hour_astride_a_bands_edge_counts_in_both_and_is_flagged()
    {
        var days = Clocks.Season("all", [.. Enumerable.Range(1, 12)], "06:15-08", "", "", "");
        var meter = new MeterRegisters(MeterRegisters.Curve(Readings(At("2025-06-02"), At("2025-06-03"), 30, at => at.Hour == 6 && at.Minute == 0 ? 40 : 10)));
        var version = Version(
            Clocks.Of("Quarter past", DayKind.Sunday, days),
            new DemandCharge("Peak", DemandUnit.Kw, 1, 0, new BandScope(null, [Clocks.Peak])),
            new DemandCharge("Rest", DemandUnit.Kw, 1, 0, new BandScope(null, [Clocks.OffPeak]))
        );

        var bill = Bill(version, "2025-06-02", "2025-06-03", meter);

        Assert.All(bill.Lines, line => Assert.Equal((40m, true), (line.Quantity, line.IsEstimated)));
    }

    [Fact]
    public void Seasons_change_at_local_midnight()
    {
        var charge = new EnergyCharge("Energy", [new(Clocks.High, null, 2), new(Clocks.Low, null, 1)]);
        var meter = Constant("2025-05-01", "2025-10-01", kw: 1);

        var bill = Bill(Version(Clocks.Eskom, charge), "2025-05-31", "2025-06-02", meter);

        Assert.Equal([(Clocks.Low, 24m, At("2025-06-01")), (Clocks.High, 24m, At("2025-06-02"))], bill.Lines.Select(line => (line.Season!, line.Quantity!.Value, line.To)));
        Assert.Equal(TimeSpan.FromHours(2), bill.Lines[0].To.Offset);
    }

    [Fact]
    public void A_version_that_changes_in_mid_month_gives_two_lines_each_with_its_part_of_the_month()
    {
        var before = Version(new EnergyCharge("Energy", [new(null, null, 1)]), new FixedCharge("Service", FixedBasis.Month, 300)) with { To = Day("2025-06-11") };
        var after = before with
        {
            Id = "v2", From = Day("2025-06-11"), To = null,
            Components = [new EnergyCharge("Energy", [new(null, null, 2)]), new FixedCharge("Service", FixedBasis.Month, 600)],
        };

        var bill = BillCalculator.Calculate(Input(Tariff(before, after), "2025-06-01", "2025-07-01", Constant("2025-06-01", "2025-07-01", kw: 1)));

        Assert.Equal([("v1", 240m, 240m), ("v2", 480m, 960m)], Of(bill, "Energy"));
        Assert.Equal([100m, 400m], bill.Lines.Where(line => line.Component.Name == "Service").Select(line => line.Amount!.Value));

        static IEnumerable<(string, decimal, decimal)> Of(Bill bill, string component) =>
            bill.Lines.Where(line => line.Component.Name == component).Select(line => (line.Version.Id, line.Quantity!.Value, line.Amount!.Value));
    }

    [Fact]
    public void A_leap_day_is_a_day_and_its_month_is_one_month()
    {
        var version = Version(new FixedCharge("Day", FixedBasis.Day, 1), new FixedCharge("Month", FixedBasis.Month, 29), new EnergyCharge("Energy", [new(null, null, 1)]));
        var meter = Constant("2024-02-01", "2024-03-01", kw: 1);

        Assert.Equal([29m, 29m, 29 * 24m], Bill(version, "2024-02-01", "2024-03-01", meter).Lines.Select(line => line.Amount));
        Assert.Equal([1m, 1m, 24m], Bill(version, "2024-02-29", "2024-03-01", meter).Lines.Select(line => line.Amount!.Value));
    }

    [Theory]
    [InlineData("2026-03-29", "2026-03-30", 23, "2")] // the hour from two to three is left out
    [InlineData("2025-10-26", "2025-10-27", 25, "4")] // and comes twice
    [InlineData("2026-06-01", "2026-06-02", 24, "3")]
    public void Days_of_23_and_25_hours_keep_their_windows_on_the_local_clock(string day, string next, int hours, string night)
    {
        // Peak from one to four at night.
        var season = Clocks.Season("all", [.. Enumerable.Range(1, 12)], "01-04", "", "01-04", "01-04");
        var clock = Clocks.Of("Night", DayKind.Sunday, season with { Days = season.Days.ToDictionary(days => days.Key, _ => season.Days[DayKind.Weekday]) });
        var (from, to) = (At(day, Berlin), At(next, Berlin));
        var meter = new MeterRegisters(MeterRegisters.Curve(Readings(from, to, 30, _ => 1)));
        var version = Version(clock, Bands, new FixedCharge("Day", FixedBasis.Day, 1), new DemandCharge("Demand", DemandUnit.Kw, 1, 0, BandScope.All));
        var input = Input(Tariff(version), from, to, meter) with { Zone = Berlin };

        var bill = BillCalculator.Calculate(input);

        Assert.Equal(decimal.Parse(night, System.Globalization.CultureInfo.InvariantCulture), bill.Quantities()[Clocks.Peak]);
        Assert.Equal(hours, bill.Lines.Where(line => line.Component == Bands).Sum(line => line.Quantity));
        Assert.Equal(1m, bill.Line("Day").Quantity);
        Assert.Equal(hours * 2, BillExplainer.Explain(input, bill.Line("Demand").Id)!.Intervals.Count);
        Assert.False(bill.IsEstimated);
    }

    [Fact]
    public void A_register_that_is_reset_within_a_band_counts_what_was_used_since_and_says_so()
    {
        // 1 kWh every half-hour; the meter starts again at zero between ten and half past ten, inside standard time.
        var readings = Readings(At("2025-06-02"), At("2025-06-03"), 30, _ => 2);
        var meter = new MeterRegisters(MeterRegisters.Curve(
            readings.Select(reading => reading.FirstAt < At("2025-06-02 10:30") ? reading : Reading(reading.FirstAt, reading.First - 1_020))));

        var bill = Bill(Version(Clocks.Eskom, Bands), "2025-06-02", "2025-06-03", meter);

        Assert.Equal([(10m, false), (22m, true), (16m, false)], bill.Lines.Select(line => (line.Quantity!.Value, line.IsEstimated)));
        Assert.Equal(18m, bill.Lines[1].EstimatedQuantity); // the run from eight to five
    }

    [Fact]
    public void A_day_without_readings_in_between_is_shared_out_and_flagged_but_not_lost()
    {
        var readings = Readings(At("2025-06-02"), At("2025-06-05"), 30, _ => 1)
            .Where(reading => reading.FirstAt < At("2025-06-03 00:30") || reading.FirstAt >= At("2025-06-04"));
        var version = Version(Clocks.Eskom, Bands, new DemandCharge("Demand", DemandUnit.Kw, 1, 0, BandScope.All));

        var bill = Bill(version, "2025-06-02", "2025-06-05", new MeterRegisters(MeterRegisters.Curve(readings)));

        Assert.Equal(72m, bill.Lines.Where(line => line.Component == Bands).Sum(line => line.Quantity));
        Assert.All(bill.Lines, line => Assert.True(line.IsEstimated));
        Assert.Equal(24m, Math.Round(bill.Lines.Where(line => line.Component == Bands).Sum(line => line.EstimatedQuantity)));
        Assert.Empty(bill.Missing);
    }

    [Fact]
    public void Days_after_the_last_reading_are_missing_and_not_zero()
    {
        var version = Version(Clocks.Eskom, Bands, new DemandCharge("Demand", DemandUnit.Kw, 1, 0, BandScope.All));

        var bill = Bill(version, "2025-06-02", "2025-06-04", Constant("2025-06-01", "2025-06-03", kw: 1));

        Assert.Equal(24m, bill.Lines.Where(line => line.Component == Bands).Sum(line => line.Quantity));
        Assert.Equal([5, 11, 8, 24], bill.Lines.Select(line => (int)line.Missing.TotalHours));
        Assert.Equal(new BillSpan(At("2025-06-03"), At("2025-06-04")), Assert.Single(bill.Missing));
        Assert.False(bill.IsComplete);

        var nothing = Bill(version, "2025-06-10", "2025-06-11", Constant("2025-06-01", "2025-06-03", kw: 1));
        Assert.All(nothing.Lines, line => Assert.Equal((null, null), (line.Quantity, line.Amount)));
        Assert.Equal(0, nothing.Total);
        Assert.False(nothing.IsComplete);

        var noMeter = Bill(version, "2025-06-02", "2025-06-04");
        Assert.All(noMeter.Lines, line => Assert.Null(line.Amount));
        Assert.Equal(new BillSpan(At("2025-06-02"), At("2025-06-04")), Assert.Single(noMeter.Missing));
    }

    [Fact]
    public void Meters_together_count_as_they_do_everywhere_else()
    {
        // One starts late, one goes silent, one has a reset.
        var random = new Random(5);
        List<List<RegisterBucket>> readings =
        [
            Readings(At("2025-06-02 03:00"), At("2025-06-05"), 30, _ => random.Next(10)),
            Readings(At("2025-06-01"), At("2025-06-03 11:00"), 30, _ => random.Next(10)),
            [.. Readings(At("2025-06-01"), At("2025-06-05"), 30, _ => random.Next(10)).Select(r => r.FirstAt < At("2025-06-02 15:00") ? r : Reading(r.FirstAt, r.First - 1_000))],
        ];
        var meters = readings.Select(list => new MeterRegisters(MeterRegisters.Curve(list))).ToArray();
        for (var from = At("2025-06-01"); from < At("2025-06-05"); from = from.AddHours(1))
        {
            var expected = RegisterCurve.Sum([.. meters.Select(meter => meter.Import)], [from, from.AddHours(1)])[0];
            var line = Assert.Single(BillCalculator.Calculate(Input(Tariff(Version(new EnergyCharge("Energy", [new(null, null, 1)]))), from, from.AddHours(1), meters)).Lines);

            Assert.Equal(expected.Value!.Value, (double)line.Quantity!.Value, 6);
            Assert.Equal(expected.Estimated, line.IsEstimated);
        }
    }

    [Fact]
    public void A_period_is_charged_for_the_part_of_its_first_and_last_day()
    {
        var version = Version(new FixedCharge("Day", FixedBasis.Day, 24));

        Assert.Equal(6m + 24m + 12m, Bill(version, "2025-06-01 18:00", "2025-06-03 12:00").Subtotal);
    }

    [Fact]
    public void Time_without_a_tariff_a_version_or_a_clock_is_named()
    {
        var clock = new TariffClock("Late", [Clocks.Eskom.Versions[0] with { From = Day("2025-06-04") }]);
        var tariff = Tariff(Version(clock, Bands) with { From = Day("2025-06-03") });
        var input = Input(tariff, "2025-06-01", "2025-06-06", Constant("2025-06-01", "2025-06-06", kw: 1)) with { Tariffs = [new(Day("2025-06-02"), Day("2025-06-05"), tariff)] };

        var bill = BillCalculator.Calculate(input);

        Assert.Equal(
            [
                new UncoveredSpan(At("2025-06-01"), At("2025-06-02"), UncoveredReason.NoTariff),
                new(At("2025-06-02"), At("2025-06-03"), UncoveredReason.NoVersion),
                new(At("2025-06-03"), At("2025-06-04"), UncoveredReason.NoClock),
                new(At("2025-06-05"), At("2025-06-06"), UncoveredReason.NoTariff),
            ],
            bill.Uncovered
        );
        Assert.Equal(24m, bill.Lines.Sum(line => line.Quantity));
        Assert.False(bill.IsComplete);
    }

    [Fact]
    public void Two_currencies_are_not_added()
    {
        var before = Version(new FixedCharge("Day", FixedBasis.Day, 1)) with { To = Day("2025-06-11"), Currency = "HRK" };
        var after = before with { Id = "v2", From = Day("2025-06-11"), To = null, Currency = "EUR" };

        var mixed = Assert.Throws<MixedCurrenciesException>(() => BillCalculator.Calculate(Input(Tariff(before, after), "2025-06-01", "2025-07-01")));

        Assert.Equal(At("2025-06-11"), mixed.At);
    }

    [Fact]
    public void An_empty_period_costs_nothing()
    {
        var bill = Bill(Version(new FixedCharge("Day", FixedBasis.Day, 1)), "2025-06-01", "2025-06-01");

        Assert.Equal((0, 0m, null), (bill.Lines.Count, bill.Total, bill.Currency));
    }

    private static TariffClock HalfPastSix() => Clocks.Of("Half past", DayKind.Sunday, Clocks.Season("all", [.. Enumerable.Range(1, 12)], "06:30-07:30", "", "", ""));
}
