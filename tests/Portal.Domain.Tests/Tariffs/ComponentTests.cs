using Portal.Domain.Tariffs;
using static Portal.Domain.Tests.Tariffs.Billing;

namespace Portal.Domain.Tests.Tariffs;

/// <summary>Each kind of component by itself, with figures that a person can check.</summary>
public sealed class ComponentTests
{
    // 2 June 2025 is a Monday in Eskom's high season: five hours of peak, eleven of standard, eight of off-peak.
    private const string Monday = "2025-06-02";
    private const string Tuesday = "2025-06-03";

    [Fact]
    public void Energy_is_charged_by_season_and_band()
    {
        var charge = new EnergyCharge(
            "Energy",
            [
                new(Clocks.High, Clocks.Peak, 3), new(Clocks.High, Clocks.Standard, 2), new(Clocks.High, Clocks.OffPeak, 1),
                new(Clocks.Low, null, 0.5m),
            ]
        );
        var meter = Constant("2025-05-31", "2025-06-04", kw: 10);

        var high = Bill(Version(Clocks.Eskom, charge), Monday, Tuesday, meter);
        var low = Bill(Version(Clocks.Eskom, charge), "2025-05-31", "2025-06-01", meter);

        Assert.Equal([("peak", 50m, 150m), ("standard", 110m, 220m), ("off-peak", 80m, 80m)], high.Lines.Select(line => (line.Band, line.Quantity!.Value, line.Amount!.Value)));
        Assert.Equal((450m, 517.50m), (high.Subtotal, high.Total));
        Assert.Equal((null, 240m, 120m, "low"), (low.Lines[0].Band, low.Lines[0].Quantity, low.Lines[0].Amount, low.Lines[0].Season));
        Assert.False(high.IsEstimated);
        Assert.True(high.IsComplete);
    }

    [Fact]
    public void A_levy_is_charged_on_the_bands_it_names()
    {
        var version = Version(Clocks.Eskom, new Levy("All", 0.1m, BandScope.All), new Levy("Network", 0.2m, new BandScope(null, [Clocks.Peak, Clocks.Standard])),
            new Levy("Summer", 9, new BandScope([Clocks.Low], null)));

        var bill = Bill(version, Monday, Tuesday, Constant(Monday, Tuesday, kw: 10));

        Assert.Equal([("All", 240m, 24m), ("Network", 160m, 32m)], bill.Lines.Select(line => (line.Component.Name, line.Quantity!.Value, line.Amount!.Value)));
    }

    [Fact]
    public void Free_units_are_the_first_ones_of_the_calendar_month()
    {
        var version = Version(new BlockCharge("Energy", [new(100, 1), new(null, 2)], Free: 30));

        var bill = Bill(version, "2025-06-01", "2025-07-01", Used("2025-06-01", "2025-07-01", 150));

        Assert.Equal([(30m, 0m), (70m, 70m), (50m, 100m)], bill.Lines.Select(line => (line.Quantity!.Value, line.Amount!.Value)));
        Assert.Equal([new BlockRange(0, 30), new(30, 100), new(100, null)], bill.Lines.Select(line => line.Block!.Value));
    }

    [Fact]
    public void More_free_units_than_the_first_block_reach_into_the_second()
    {
        var bill = Bill(Version(new BlockCharge("Energy", [new(20, 1), new(null, 2)], Free: 30)), "2025-06-01", "2025-07-01", Used("2025-06-01", "2025-07-01", 50));

        Assert.Equal([(30m, 0m), (20m, 40m)], bill.Lines.Select(line => (line.Quantity!.Value, line.Amount!.Value)));
    }

    [Theory]
    [InlineData("2025-06-01", "2025-07-01", 300)] // 30 days
    [InlineData("2025-07-01", "2025-08-01", 310)]
    [InlineData("2024-02-01", "2024-03-01", 290)] // leap year
    [InlineData("2025-02-01", "2025-03-01", 280)]
    public void Normalised_blocks_follow_the_days_of_the_month(string from, string to, double limit)
    {
        var bill = Bill(Version(new BlockCharge("Energy", [new(300, 1), new(null, 2)], Normalised: true)), from, to, Used(from, to, 1_000));

        Assert.Equal((decimal)limit, bill.Lines[0].Quantity);
        Assert.Equal(1_000 - (decimal)limit, bill.Lines[1].Quantity);
    }

    [Fact]
    public void Blocks_of_a_part_of_a_month_go_on_from_where_the_month_stood()
    {
        var version = Version(new BlockCharge("Energy", [new(100, 1), new(null, 2)]));

        var bill = Bill(version, "2025-06-16", "2025-07-01", Used("2025-06-01", "2025-07-01", 180)); // 90 kWh before, 90 after

        Assert.Equal([10m, 80m], bill.Lines.Select(line => line.Quantity));
    }

    [Fact]
    public void Blocks_begin_anew_with_an_assignment_within_the_month()
    {
        var tariff = Tariff(Version(new BlockCharge("Energy", [new(300, 1), new(null, 2)], Normalised: true)));
        var input = Input(tariff, "2025-06-01", "2025-07-01", Used("2025-06-01", "2025-07-01", 600)) with { Tariffs = [new(Day("2025-06-16"), null, tariff)] };

        var bill = BillCalculator.Calculate(input);

        // Half a month: limits for 15 days, and none of the energy before.
        Assert.Equal([150m, 150m], bill.Lines.Select(line => line.Quantity));
        Assert.Equal(new UncoveredSpan(At("2025-06-01"), At("2025-06-16"), UncoveredReason.NoTariff), Assert.Single(bill.Uncovered));
    }

    [Fact]
    public void A_surcharge_is_a_percentage_of_the_charges_or_of_those_it_names()
    {
        var version = Version(
            new Surcharge("Everything", 10, null),
            new EnergyCharge("Energy", [new(null, null, 1)]),
            new FixedCharge("Service", FixedBasis.Month, 50),
            new Surcharge("Rebate", -20, ["Service"])
        );

        var bill = Bill(version, "2025-06-01", "2025-07-01", Used("2025-06-01", "2025-07-01", 100));

        Assert.Equal([("Everything", 15m), ("Energy", 100m), ("Service", 50m), ("Rebate", -10m)], bill.Lines.Select(line => (line.Component.Name, line.Amount!.Value)));
        Assert.Equal((150m, 0.1m, "ZAR"), (bill.Lines[0].Quantity, bill.Lines[0].Price, bill.Lines[0].Unit));
    }

    [Fact]
    public void A_surcharge_is_not_taken_of_credits()
    {
        var version = Version(new EnergyCharge("Energy", [new(null, null, 1)]), new ExportCredit("Credit", [new(null, null, 1)], false), new Surcharge("Tax", 10, null));

        Assert.Equal(2.4m, Bill(version, Monday, Tuesday, Constant(Monday, Tuesday, kw: 1, exported: 1)).Line("Tax").Amount);
    }

    [Fact]
    public void Demand_is_the_largest_half_hour_and_kva_takes_reactive_power_in()
    {
        var version = Version(new DemandCharge("kVA", DemandUnit.Kva, 100, 0, BandScope.All), new DemandCharge("kW", DemandUnit.Kw, 100, 0, BandScope.All));

        var bill = Bill(version, "2025-06-01", "2025-07-01", Constant("2025-06-01", "2025-07-01", kw: 30, kvar: 40));

        Assert.Equal((50m, 5_000m, "kVA"), (bill.Line("kVA").Quantity, bill.Line("kVA").Amount, bill.Line("kVA").Unit));
        Assert.Equal((30m, 3_000m, "kW"), (bill.Line("kW").Quantity, bill.Line("kW").Amount, bill.Line("kW").Unit));
        Assert.False(bill.IsEstimated);
    }

    [Fact]
    public void Demand_of_chargeable_bands_leaves_the_others_out_and_has_a_minimum()
    {
        // 90 kW at night, 40 kW at noon, 10 kW else.
        var meter = new MeterRegisters(MeterRegisters.Curve(Readings(At("2025-06-01"), At("2025-07-01"), 30, at => at.Hour switch { 2 => 90, 12 => 40, _ => 10 })));
        var version = Version(
            Clocks.Eskom,
            new DemandCharge("All", DemandUnit.Kw, 1, 0, BandScope.All),
            new DemandCharge("Day", DemandUnit.Kw, 1, 0, new BandScope(null, [Clocks.Peak, Clocks.Standard])),
            new DemandCharge("Least", DemandUnit.Kw, 1, 75, new BandScope(null, [Clocks.Peak]))
        );

        var bill = Bill(version, "2025-06-01", "2025-07-01", meter);

        Assert.Equal([90m, 40m, 75m], bill.Lines.Select(line => line.Quantity));
    }

    [Fact]
    public void Demand_of_several_meters_is_that_of_their_sum_at_one_time()
    {
        var morning = new MeterRegisters(MeterRegisters.Curve(Readings(At("2025-06-01"), At("2025-07-01"), 30, at => at.Hour == 9 ? 60 : 5)));
        var evening = new MeterRegisters(MeterRegisters.Curve(Readings(At("2025-06-01"), At("2025-07-01"), 30, at => at.Hour == 20 ? 50 : 5)));

        var bill = Bill(Version(new DemandCharge("kW", DemandUnit.Kw, 1, 0, BandScope.All)), "2025-06-01", "2025-07-01", morning, evening);

        Assert.Equal(65m, bill.Line("kW").Quantity);
    }

    [Fact]
    public void Kva_without_reactive_energy_says_that_it_is_too_low()
    {
        var bill = Bill(Version(new DemandCharge("kVA", DemandUnit.Kva, 1, 0, BandScope.All)), Monday, Tuesday, Constant(Monday, Tuesday, kw: 30));

        Assert.Equal(30m, bill.Line("kVA").Quantity);
        Assert.True(bill.IsEstimated);
        Assert.Equal([BillNote.ReactiveUnknown], bill.Notes);
    }

    [Theory]
    [InlineData(100.0, 100)] // notified demand
    [InlineData(20.0, 80)] // the peak of January, eleven months back
    [InlineData(null, 80)]
    public void Capacity_is_the_notified_demand_or_the_highest_of_twelve_months(double? notified, double charged)
    {
        var meter = Peaks(("2025-01-15", 80), ("2024-12-15", 200), ("2025-12-10", 60));
        var tariff = Tariff(Version(new CapacityCharge("Capacity", DemandUnit.Kva, 10)));
        var input = Input(tariff, "2025-12-01", "2026-01-01", meter) with { Facts = [new SiteFacts(Clocks.Always, (decimal?)notified, 1, null)] };

        var bill = BillCalculator.Calculate(input);

        Assert.Equal((decimal)charged, bill.Line("Capacity").Quantity);
        Assert.Equal((decimal)charged * 10, bill.Subtotal);
        Assert.Equal(notified is null, bill.Notes.Contains(BillNote.NotifiedDemandUnknown));
    }

    [Fact]
    public void Capacity_does_not_look_beyond_the_period()
    {
        var meter = Peaks(("2025-12-20", 80));
        var version = Version(new CapacityCharge("Capacity", DemandUnit.Kw, 1));

        Assert.Equal(10m, Bill(version, "2025-12-01", "2025-12-20", meter).Line("Capacity").Quantity);
        Assert.Equal(80m, Bill(version, "2025-12-01", "2025-12-21", meter).Line("Capacity").Quantity);
    }

    [Fact]
    public void A_ratchet_counts_a_share_of_earlier_months()
    {
        var meter = Peaks(("2025-01-15", 80), ("2025-12-10", 50));
        var half = Bill(Version(new CapacityCharge("Capacity", DemandUnit.Kw, 1, 12, 50)), "2025-12-01", "2026-01-01", meter);
        var most = Bill(Version(new CapacityCharge("Capacity", DemandUnit.Kw, 1, 12, 75)), "2025-12-01", "2026-01-01", meter);

        Assert.Equal((50m, 60m), (half.Line("Capacity").Quantity, most.Line("Capacity").Quantity));
    }

    [Fact]
    public void Capacity_says_when_its_history_is_short_and_follows_a_change_of_the_notified_demand()
    {
        var tariff = Tariff(Version(new CapacityCharge("Capacity", DemandUnit.Kva, 30)));
        var input = Input(tariff, "2025-06-01", "2025-07-01", Constant("2025-05-01", "2025-07-01", kw: 30, kvar: 40)) with
        {
            Facts = [new SiteFacts(Day("2025-06-11"), 90, 1, null), new SiteFacts(Clocks.Always, 20, 1, null)],
        };

        var bill = BillCalculator.Calculate(input);

        Assert.Equal([(50m, 10), (90m, 20)], bill.Lines.Select(line => (line.Quantity!.Value, (line.To - line.From).Days)));
        Assert.Equal(50m * 10 + 90m * 20, bill.Subtotal);
        Assert.Equal([BillNote.DemandHistoryShort], bill.Notes);
    }

    [Fact]
    public void Fixed_charges_go_by_day_month_connection_point_and_ampere()
    {
        var tariff = Tariff(Version(
            new FixedCharge("Day", FixedBasis.Day, 2), new FixedCharge("Month", FixedBasis.Month, 60),
            new FixedCharge("Point", FixedBasis.ConnectionPoint, 5), new FixedCharge("Ampere", FixedBasis.Ampere, 0.5m)));
        var known = Input(tariff, "2025-06-01", "2025-07-01") with { Facts = [new SiteFacts(Clocks.Always, null, 3, 80)] };

        Assert.Equal([60m, 60m, 15m, 40m], BillCalculator.Calculate(known).Lines.Select(line => line.Amount));

        var stub = BillCalculator.Calculate(known with { To = At("2025-06-16") });
        Assert.Equal([30m, 30m, 7.5m, 20m], stub.Lines.Select(line => line.Amount));

        var unknown = BillCalculator.Calculate(known with { Facts = null });
        Assert.Equal([60m, 60m, 5m, null], unknown.Lines.Select(line => line.Amount));
        Assert.Equal([BillNote.AmperesUnknown], unknown.Notes);
        Assert.False(unknown.IsComplete);
    }

    [Fact]
    public void Reactive_energy_is_charged_beyond_what_is_free()
    {
        var version = Version(
            Clocks.Eskom,
            new ReactiveCharge("All", 1, 0, ReactiveAssessment.Month, BandScope.All),
            new ReactiveCharge("Excess", 1, 30, ReactiveAssessment.Month, BandScope.All),
            new ReactiveCharge("Peak", 1, 30, ReactiveAssessment.HalfHour, new BandScope([Clocks.High], [Clocks.Peak]))
        );

        var bill = Bill(version, Monday, Tuesday, Constant(Monday, Tuesday, kw: 10, kvar: 5));

        Assert.Equal([120m, 48m, 10m], bill.Lines.Select(line => line.Amount));
    }

    [Fact]
    public void Half_hours_that_need_less_than_what_is_free_don_t_make_up_for_others()
    {
        // By day 10 kvar, at night none: 5 kvarh free in each half of the day at 10 kW and 50 %.
        var reactive = MeterRegisters.Curve(Readings(At(Monday), At(Tuesday), 30, at => at.Hour < 12 ? 10 : 0));
        var meter = Constant(Monday, Tuesday, kw: 10) with { ReactiveImport = reactive };
        var month = new ReactiveCharge("Month", 1, 50, ReactiveAssessment.Month, BandScope.All);

        var bill = Bill(Version(month, month with { Name = "Half-hour", Assessment = ReactiveAssessment.HalfHour }), Monday, Tuesday, meter);

        Assert.Equal([0m, 60m], bill.Lines.Select(line => line.Amount));
    }

    [Fact]
    public void Exported_energy_is_credited_by_band_and_may_be_capped_at_what_was_drawn()
    {
        var rates = new List<EnergyRate> { new(null, Clocks.Peak, 2), new(null, Clocks.Standard, 1) };
        var meter = Constant(Monday, Tuesday, kw: 3, exported: 4);

        var free = Bill(Version(Clocks.Eskom, new ExportCredit("Credit", rates, Capped: false)), Monday, Tuesday, meter);
        var capped = Bill(Version(Clocks.Eskom, new ExportCredit("Credit", rates, Capped: true)), Monday, Tuesday, meter);

        Assert.Equal([(20m, -40m), (44m, -44m)], free.Lines.Select(line => (line.Quantity!.Value, line.Amount!.Value)));
        Assert.Equal([(15m, -30m), (33m, -33m)], capped.Lines.Select(line => (line.Quantity!.Value, line.Amount!.Value)));
        Assert.Equal(-96.60m, free.Total);
    }

    [Fact]
    public void A_minimum_charge_adds_what_is_missing_to_it()
    {
        var version = Version(new MinimumCharge("Minimum", 100), new EnergyCharge("Energy", [new(null, null, 1)]), new Surcharge("Tax", 10, null));

        var little = Bill(version, "2025-06-01", "2025-07-01", Used("2025-06-01", "2025-07-01", 50));
        var much = Bill(version, "2025-06-01", "2025-07-01", Used("2025-06-01", "2025-07-01", 500));

        Assert.Equal([45m, 50m, 5m], little.Lines.Select(line => line.Amount));
        Assert.Equal(100m, little.Subtotal);
        Assert.Equal([500m, 50m], much.Lines.Select(line => line.Amount));
    }

    [Theory]
    [InlineData("0.004", 15, "0.00")]
    [InlineData("1.00", 14.5, "1.15")] // 1.145: half away from zero
    [InlineData("1.13", 15, "1.30")] // 1.2995
    public void The_total_is_rounded_once_and_half_away_from_zero(string price, double vat, string total)
    {
        var fixedCharge = new FixedCharge("Service", FixedBasis.Month, decimal.Parse(price, System.Globalization.CultureInfo.InvariantCulture));

        var bill = Bill(Version(fixedCharge) with { VatPercent = (decimal)vat }, "2025-06-01", "2025-07-01");

        Assert.Equal(total, bill.Total.ToString("0.00", System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Credits_are_rounded_away_from_zero_too()
    {
        var version = Version(new ExportCredit("Credit", [new(null, null, 0.005m)], Capped: false)) with { VatPercent = 0 };

        Assert.Equal(-0.01m, Bill(version, Monday, "2025-06-02 01:00", Constant(Monday, Tuesday, kw: 0, exported: 1)).Total);
    }

    [Fact]
    public void A_change_of_vat_shows_both_rates()
    {
        var before = Version(new FixedCharge("Service", FixedBasis.Day, 10)) with { To = Day("2018-04-01"), VatPercent = 14 };
        var after = before with { Id = "v2", From = Day("2018-04-01"), To = null, VatPercent = 15 };

        var bill = BillCalculator.Calculate(Input(Tariff(before, after), "2018-03-01", "2018-05-01"));

        Assert.Equal([new VatAmount(14, 310, 43.4m), new VatAmount(15, 300, 45)], bill.Vat);
        Assert.Equal(610 + 88.40m, bill.Total);
    }

    /// <summary>A meter that drew 10 kW from December 2024 on, but in one half-hour of some days.</summary>
    private static MeterRegisters Peaks(params (string Date, double Kw)[] peaks)
    {
        var noons = peaks.ToDictionary(peak => At(peak.Date + " 12:00"), peak => peak.Kw);
        return new MeterRegisters(
            MeterRegisters.Curve(Readings(At("2024-12-01"), At("2026-01-01"), 30, at => noons.GetValueOrDefault(at, 10))),
            ReactiveImport: MeterRegisters.Curve(Readings(At("2024-12-01"), At("2026-01-01"), 30, _ => 0))
        );
    }
}
