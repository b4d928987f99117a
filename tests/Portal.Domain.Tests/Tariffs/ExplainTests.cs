using Portal.Domain.Tariffs;
using static Portal.Domain.Tests.Tariffs.Billing;

namespace Portal.Domain.Tests.Tariffs;

public sealed class ExplainTests
{
    [Fact]
    public void An_energy_line_is_explained_by_its_half_hours_version_and_clock()
    {
        var input = Input(Tariff(Version(Clocks.Eskom, ByBand(3, 2, 1))), "2025-06-01", "2025-07-01", Constant("2025-06-01", "2025-07-01", kw: 2));
        var bill = BillCalculator.Calculate(input);
        var peak = bill.Lines.Single(line => line.Band == Clocks.Peak);

        var explanation = BillExplainer.Explain(input, peak.Id)!;

        // 20 weekdays, of which 16 June is a holiday; five hours each.
        Assert.Equal(20 * 10, explanation.Intervals.Count);
        Assert.Equal(new ExplainedInterval(At("2025-06-02 06:00"), At("2025-06-02 06:30"), 1, EnergyDoubts.None), explanation.Intervals[0]);
        Assert.Equal(TimeSpan.FromHours(2), explanation.Intervals[0].From.Offset);
        Assert.DoesNotContain(explanation.Intervals, interval => interval.From.Day == 16);
        Assert.Equal((peak, "v1", Clocks.Eskom.Versions[0]), (explanation.Line, explanation.Line.Version.Id, explanation.Clock));
        Assert.Contains("peak", explanation.Rule, StringComparison.Ordinal);
    }

    [Fact]
    public void Intervals_say_why_they_are_estimates_or_missing()
    {
        var readings = Readings(At("2025-06-01"), At("2025-06-04"), 30, _ => 1).Where(reading => reading.FirstAt.Hour is < 10 or > 13);
        var input = Input(Tariff(Version(new EnergyCharge("Energy", [new(null, null, 1)]))), "2025-06-03", "2025-06-05", new MeterRegisters(MeterRegisters.Curve(readings)));
        var line = BillCalculator.Calculate(input).Lines[0];

        var intervals = BillExplainer.Explain(input, line.Id)!.Intervals;

        Assert.Equal(96, intervals.Count);
        Assert.Equal(EnergyDoubts.None, intervals[18].Doubts); // half past nine is read, ten is not
        Assert.Equal(EnergyDoubts.Interpolated, intervals[19].Doubts);
        Assert.Equal(EnergyDoubts.Interpolated, intervals[27].Doubts);
        Assert.Equal(EnergyDoubts.None, intervals[28].Doubts);
        Assert.All(intervals.Skip(48), interval => Assert.Equal((null, EnergyDoubts.Missing), (interval.Value, interval.Doubts)));
    }

    [Fact]
    public void A_demand_line_shows_its_half_hours_and_which_one_decides()
    {
        var meter = new MeterRegisters(MeterRegisters.Curve(Readings(At("2025-06-01"), At("2025-07-01"), 30, at => at == At("2025-06-17 18:30") ? 77 : 5)));
        var input = Input(Tariff(Version(Clocks.Eskom, new DemandCharge("Demand", DemandUnit.Kw, 1, 0, new BandScope(null, [Clocks.Peak])))), "2025-06-01", "2025-07-01", meter);

        var explanation = BillExplainer.Explain(input, BillCalculator.Calculate(input).Lines[0].Id)!;

        Assert.Equal(new ExplainedInterval(At("2025-06-17 18:30"), At("2025-06-17 19:00"), 77, EnergyDoubts.None, true), explanation.Intervals.Single(interval => interval.Decides));
    }

    [Fact]
    public void A_capacity_line_shows_the_peak_of_each_month()
    {
        var meter = new MeterRegisters(MeterRegisters.Curve(Readings(At("2024-12-01"), At("2025-07-01"), 30, at => at == At("2025-02-11 09:00") ? 80 : at.Month)));
        var input = Input(Tariff(Version(new CapacityCharge("Capacity", DemandUnit.Kw, 1, 6, 50))), "2025-06-01", "2025-07-01", meter);

        var explanation = BillExplainer.Explain(input, BillCalculator.Calculate(input).Lines[0].Id)!;

        Assert.Equal([0.5m, 40m, 1.5m, 2m, 2.5m, 6m], explanation.Intervals.Select(interval => interval.Value));
        Assert.Equal(At("2025-02-11 09:00"), explanation.Intervals.Single(interval => interval.Decides).From);
    }

    [Fact]
    public void A_block_line_shows_the_half_hours_that_fell_into_it()
    {
        var input = Input(Tariff(Version(new BlockCharge("Energy", [new(100, 1), new(null, 2)]))), "2025-06-16", "2025-07-01", Constant("2025-06-01", "2025-07-01", kw: 0.25));
        var bill = BillCalculator.Calculate(input); // 90 kWh before, 90 within

        var first = BillExplainer.Explain(input, bill.Lines[0].Id)!;
        var second = BillExplainer.Explain(input, bill.Lines[1].Id)!;

        Assert.Equal((At("2025-06-16"), At("2025-06-17 16:00")), (first.Intervals[0].From, first.Intervals[^1].To));
        Assert.Equal(first.Intervals[^1].To, second.Intervals[0].From);
    }

    [Fact]
    public void A_percentage_shows_the_lines_it_is_of()
    {
        var version = Version(new EnergyCharge("Energy", [new(null, null, 1)]), new FixedCharge("Service", FixedBasis.Month, 5), new Surcharge("Tax", 10, ["Energy"]));
        var input = Input(Tariff(version), "2025-06-01", "2025-07-01", Constant("2025-06-01", "2025-07-01", kw: 1));

        var explanation = BillExplainer.Explain(input, BillCalculator.Calculate(input).Line("Tax").Id)!;

        Assert.Equal(["Energy"], explanation.Lines.Select(line => line.Component.Name));
        Assert.Equal("10 % of Energy.", explanation.Rule);
    }

    [Theory]
    [InlineData("")]
    [InlineData("20250601.7.0")]
    [InlineData("20250701.0.0")]
    [InlineData("20250601.0.")]
    public void A_line_that_is_not_on_the_bill_has_no_explanation(string id) =>
        Assert.Null(BillExplainer.Explain(Input(Tariff(Version(new FixedCharge("Day", FixedBasis.Day, 1))), "2025-06-01", "2025-07-01"), id));

    [Fact]
    public void What_a_bill_must_read_follows_from_its_tariff()
    {
        BillNeeds Of(TariffVersion version, string from = "2025-06-10", string to = "2025-06-20") => BillNeeds.Of(Input(Tariff(version), from, to));

        var flat = Of(Version(new EnergyCharge("Energy", [new(null, null, 1)])));
        Assert.Equal(new BillNeeds(At("2025-06-10"), At("2025-06-20"), Portal.Domain.Energy.IntervalLength.Hour, Export: false, Reactive: false), flat);
        Assert.Equal(Portal.Domain.Energy.IntervalLength.Hour, Of(Version(Clocks.Eskom, ByBand(1, 1, 1))).Resolution);
        Assert.Equal(Portal.Domain.Energy.IntervalLength.QuarterHour, Of(Version(new EnergyCharge("Energy", [new(null, null, 1)])), "2025-06-10 00:30").Resolution);
        Assert.Equal(At("2025-06-01"), Of(Version(new BlockCharge("Energy", [new(null, 1)]))).From);

        var capacity = Of(Version(new CapacityCharge("Capacity", DemandUnit.Kva, 1), new ExportCredit("Credit", [new(null, null, 1)], false)));
        Assert.Equal(new BillNeeds(At("2024-07-01"), At("2025-06-20"), Portal.Domain.Energy.IntervalLength.QuarterHour, Export: true, Reactive: true), capacity);
        Assert.Equal(Portal.Domain.Energy.IntervalLength.QuarterHour, BillNeeds.Of(Input(Tariff(Version(Clocks.Eskom, ByBand(1, 1, 1))), "2025-06-01", "2025-07-01"), explained: true).Resolution);
    }
}
