using FsCheck.Xunit;
using Portal.Domain.Energy;
using Portal.Domain.Tariffs;

namespace Portal.Domain.Tests.Tariffs;

/// <summary>What holds for any tariff, load and period.</summary>
public sealed class BillProperties
{
    [Property(MaxTest = 25)]
    public void Bills_of_neighbouring_periods_add_up_where_the_tariff_allows_it(int seed)
    {
        var sites = new RandomSites(seed);
        var input = RandomSites.Input(sites.Version(sites.Additive()), default, default, sites.Meter(), sites.Meter());
        var cuts = sites.Midnights(5);

        var whole = Of(input, cuts[0], cuts[^1]);
        var parts = cuts.Zip(cuts.Skip(1), (from, to) => Of(input, from, to)).ToList();

        Near(whole.Subtotal, parts.Sum(part => part.Subtotal));
        foreach (var component in input.Tariffs[0].Tariff.Versions[0].Components)
        {
            Near(Quantity(whole, component), parts.Sum(part => Quantity(part, component)));
        }

        static decimal Quantity(Bill bill, TariffComponent component) =>
            bill.Lines.Where(line => line.Component == component).Sum(line => (line.Quantity ?? 0) * line.Share);
    }

    [Property(MaxTest = 20)]
    public void Nothing_is_negative_without_export(int seed)
    {
        var sites = new RandomSites(seed);
        var cuts = sites.Midnights(2);

        var bill = Of(RandomSites.Input(sites.Version(sites.Charges()), default, default, sites.Meter()), cuts[0], cuts[^1]);

        Assert.All(bill.Lines, line => Assert.True(line.Quantity is null or >= 0 && line.Amount is null or >= 0 && line.EstimatedQuantity >= 0, line.ToString()));
        Assert.True(bill.Total >= 0);
    }

    [Property(MaxTest = 20)]
    public void The_order_of_register_intervals_and_how_they_were_cut_into_lists_say_nothing(int seed)
    {
        var sites = new RandomSites(seed);
        var version = sites.Version(sites.Charges());
        var cuts = sites.Midnights(2);
        var (import, reactive) = (sites.Readings(), sites.Readings());
        var expected = Of(RandomSites.Input(version, default, default, Meter(import, reactive)), cuts[0], cuts[^1]);

        var chunks = import.Chunk(1 + Math.Abs(seed % 50)).Select(chunk => chunk.ToList()).ToList();
        sites.Shuffle(chunks);
        chunks.ForEach(sites.Shuffle);
        sites.Shuffle(reactive);

        Same(expected, Of(RandomSites.Input(version, default, default, Meter([.. chunks.SelectMany(chunk => chunk)], reactive)), cuts[0], cuts[^1]));
    }

    [Property(MaxTest = 20)]
    public void Hourly_register_intervals_give_the_energy_that_quarter_hourly_ones_do(int seed)
    {
        var sites = new RandomSites(seed);
        var version = sites.Version([.. sites.Additive().Where(component => component is not ReactiveCharge)]);
        var cuts = sites.Midnights(2);
        var readings = sites.Readings();
        var hours = readings.GroupBy(reading => reading.FirstAt.UtcTicks / TimeSpan.TicksPerHour).Select(group => Merged([.. group]));

        var quarters = Of(RandomSites.Input(version, default, default, Meter(readings, [])), cuts[0], cuts[^1]);
        var hourly = Of(RandomSites.Input(version, default, default, Meter([.. hours], [])), cuts[0], cuts[^1]);

        Same(quarters, hourly);
    }

    [Property(MaxTest = 20)]
    public void A_price_change_within_a_period_equals_two_bills(int seed)
    {
        var sites = new RandomSites(seed);
        var cuts = sites.Midnights(3);
        var (from, change, to) = (cuts[0], cuts[cuts.Count / 2], cuts[^1]);
        var date = DateOnly.FromDateTime(change.DateTime);
        var before = sites.Version(sites.Charges());
        var after = sites.Version(sites.Charges()) with { Id = "v2" };
        var meter = sites.Meter();
        var input = RandomSites.Input(before, default, default, meter);
        var changing = Billing.Tariff(before with { To = date }, after with { From = date });

        var one = Of(input with { Tariffs = [new(Clocks.Always, null, changing)] }, from, to);
        var first = Of(input, from, change);
        var second = Of(RandomSites.Input(after, default, default, meter), change, to);

        Assert.Equal(Figures(first).Concat(Figures(second)), Figures(one));
        Near(first.Subtotal + second.Subtotal, one.Subtotal);
    }

    [Property(MaxTest = 8)]
    public void The_intervals_of_an_explanation_add_up_to_its_line(int seed)
    {
        var sites = new RandomSites(seed);
        var version = sites.Version([.. sites.Charges(), new ExportCredit("Credit", [new(null, Clocks.Peak, 1), new(null, Clocks.OffPeak, 2)], Capped: false)]);
        var cuts = sites.Midnights(2);
        var input = RandomSites.Input(version, cuts[0], cuts[^1], sites.Meter());
        foreach (var line in BillCalculator.Calculate(input).Lines)
        {
            var explanation = BillExplainer.Explain(input, line.Id)!;

            Assert.Equal(line, explanation.Line);
            Assert.NotEmpty(explanation.Rule);
            Assert.Equal(Expected(line), Told(explanation));
        }

        // Of demand and capacity the interval that decides; of a fixed charge its days; of reactive energy that is assessed as a whole all of it.
        static decimal? Expected(BillLine line) =>
            line.Component switch
            {
                FixedCharge => line.Unit == BillUnits.Day ? line.Quantity : (line.To - line.From).Days,
                ReactiveCharge { FreePercent: > 0, Assessment: ReactiveAssessment.Month } or CapacityCharge => null,
                DemandCharge demand => line.Quantity > demand.Minimum ? line.Quantity : null,
                _ => line.Quantity,
            };

        static decimal? Told(LineExplanation explanation) =>
            Expected(explanation.Line) is null ? null
            : explanation.Line.Component is DemandCharge ? explanation.Intervals.Single(interval => interval.Decides).Value
            : explanation.Lines.Count > 0 ? (explanation.Line.Component is Surcharge ? explanation.Lines.Sum(line => line.Amount ?? 0) : explanation.Line.Quantity)
            : explanation.Intervals.Sum(interval => interval.Value ?? 0);
    }

    /// <summary>Thirds of a month have no last digit.</summary>
    private static void Near(decimal expected, decimal actual) => Assert.True(Math.Abs(expected - actual) < 1e-12m, $"{expected} and {actual}");

    private static Bill Of(BillInput input, DateTimeOffset from, DateTimeOffset to) => BillCalculator.Calculate(input with { From = from, To = to });

    private static MeterRegisters Meter(List<RegisterBucket> import, List<RegisterBucket> reactive) =>
        new(MeterRegisters.Curve(import), ReactiveImport: MeterRegisters.Curve(reactive));

    private static RegisterBucket Merged(List<RegisterBucket> readings) =>
        new(readings[0].FirstAt, readings[0].First, readings[^1].LastAt, readings[^1].Last, readings.Min(r => r.Min), readings.Max(r => r.Max), null);

    private static void Same(Bill expected, Bill actual) => Assert.Equal(Figures(expected), Figures(actual));

    private static IEnumerable<(string, string?, decimal?, decimal?, bool, decimal, TimeSpan)> Figures(Bill bill) =>
        bill.Lines.Select(line => (line.Component.Name, line.Band, line.Quantity, line.Amount, line.IsEstimated, line.EstimatedQuantity, line.Missing));
}
