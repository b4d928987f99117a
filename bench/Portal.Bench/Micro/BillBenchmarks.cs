using BenchmarkDotNet.Attributes;
using Portal.Domain.Energy;
using Portal.Domain.Tariffs;

namespace Portal.Bench.Micro;

/// <summary>A month of one meter by the quarter of an hour, under a tariff with three bands.</summary>
public class BillBenchmarks
{
    private const string Peak = "peak";
    private const string OffPeak = "off-peak";

    private BillInput input = null!;

    [GlobalSetup]
    public void Prepare()
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById("Africa/Johannesburg");
        var from = new DateTimeOffset(2025, 6, 1, 0, 0, 0, TimeSpan.FromHours(2));
        var weekday = new Dictionary<DayKind, IReadOnlyList<ClockWindow>> { [DayKind.Weekday] = [new(360, 480, Peak), new(480, 1020, "standard"), new(1020, 1200, Peak)], [DayKind.Saturday] = [], [DayKind.Sunday] = [] };
        var clock = new TariffClock("Bench", [new ClockVersion(new DateOnly(2020, 1, 1), null, [Peak, "standard", OffPeak], OffPeak, [new ClockSeason("all", [.. Enumerable.Range(1, 12)], weekday)])]);
        var version = new TariffVersion("1", new DateOnly(2020, 1, 1), null, "ZAR", 15, "Bench", clock, null, [new EnergyCharge("Energy", [new(null, Peak, 6.8459m), new(null, "standard", 1.7115m), new(null, OffPeak, 1.1409m)])]);
        var readings = Enumerable.Range(0, (31 * 96) + 1).Select(quarter => from.AddMinutes(15 * quarter)).Select((at, quarter) => new RegisterBucket(at, 1000 + (quarter * 2.5), at, 1000 + (quarter * 2.5), 1000 + (quarter * 2.5), 1000 + (quarter * 2.5), null));
        input = new BillInput(zone, from, from.AddMonths(1), [new AppliedTariff(new DateOnly(2020, 1, 1), null, new Tariff("Bench", "Bench", [version]))], null, [new MeterRegisters(MeterRegisters.Curve(readings))]);
        if (Month().Lines.Count != 3) throw new InvalidOperationException("The bill doesn't have its three lines.");
    }

    [Benchmark(Description = "the bill of a month from quarter hours")]
    public Bill Month() => BillCalculator.Calculate(input);
}
