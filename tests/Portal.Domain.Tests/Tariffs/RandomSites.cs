using Portal.Domain.Energy;
using Portal.Domain.Tariffs;

namespace Portal.Domain.Tests.Tariffs;

/// <summary>Random loads, tariffs and periods; the same seed gives the same.</summary>
internal sealed class RandomSites(int seed)
{
    public static readonly DateTimeOffset Start = Billing.At("2025-04-20");

    /// <summary>Days that readings are there for: the season changes in them.</summary>
    public const int Days = 50;

    private readonly Random random = new(seed);

    /// <summary>Register intervals of one meter, a quarter of an hour apart, with a gap or a reset now and then.</summary>
    public List<RegisterBucket> Readings()
    {
        var register = 1_000 + random.Next(100_000) / 10.0;
        var lastReset = 0;
        var readings = new List<RegisterBucket>();
        for (var i = 0; i <= Days * 96; i++)
        {
            if (random.Next(2_000) == 0)
            {
                i += random.Next(200);
            }

            // No two within an hour: of those a roll-up knows too little.
            var reset = i > lastReset + 96 && random.Next(3_000) == 0;
            lastReset = reset ? i : lastReset;
            register = reset ? 0 : register + random.Next(100) / 10.0;
            readings.Add(Billing.Reading(Start.AddMinutes(15 * i), register));
        }

        return readings;
    }

    public MeterRegisters Meter() =>
        new(MeterRegisters.Curve(Readings()), MeterRegisters.Curve(Readings()), MeterRegisters.Curve(Readings()), MeterRegisters.Curve(Readings()));

    /// <summary>Components whose bills of two periods add up to that of both.</summary>
    public List<TariffComponent> Additive() =>
        [
            new EnergyCharge(
                "Energy",
                [
                    new(Clocks.High, Clocks.Peak, Price()), new(Clocks.High, Clocks.Standard, Price()), new(Clocks.High, Clocks.OffPeak, Price()),
                    new(Clocks.Low, null, Price()),
                ]
            ),
            new BlockCharge("Blocks", [new(random.Next(1, 500), Price()), new(random.Next(500, 3_000), Price()), new(null, Price())], random.Next(60), random.Next(2) == 0),
            new Levy("Levy", Price(), new BandScope(null, [Clocks.Peak, Clocks.OffPeak])),
            new FixedCharge("Day", FixedBasis.Day, Price()),
            new FixedCharge("Month", FixedBasis.Month, Price()),
            new FixedCharge("Ampere", FixedBasis.Ampere, Price()),
            new ReactiveCharge("Reactive", Price(), 0, ReactiveAssessment.Month, BandScope.All),
            new ReactiveCharge("Excess", Price(), 30, ReactiveAssessment.HalfHour, new BandScope(null, [Clocks.Peak])),
            new Surcharge("Surcharge", random.Next(20), null),
        ];

    /// <summary>Every kind of charge; nothing is credited.</summary>
    public List<TariffComponent> Charges() =>
        [
            .. Additive(),
            new DemandCharge("Demand", DemandUnit.Kva, Price(), random.Next(50), new BandScope(null, [Clocks.Peak, Clocks.Standard])),
            new CapacityCharge("Capacity", DemandUnit.Kva, Price(), random.Next(1, 4), random.Next(101)),
            new ReactiveCharge("Month's excess", Price(), 30, ReactiveAssessment.Month, BandScope.All),
            new MinimumCharge("Minimum", random.Next(5_000)),
        ];

    public TariffVersion Version(List<TariffComponent> components) => Billing.Version(random.Next(2) == 0 ? Clocks.Eskom : Clocks.CityPower, [.. components]);

    public static BillInput Input(TariffVersion version, DateTimeOffset from, DateTimeOffset to, params MeterRegisters[] meters) =>
        Billing.Input(Billing.Tariff(version), from, to, meters) with { Facts = [new SiteFacts(Clocks.Always, 50, 2, 60)] };

    /// <summary>Local midnights within the readings, ascending.</summary>
    public List<DateTimeOffset> Midnights(int count) =>
        [.. Enumerable.Range(0, count).Select(_ => Start.AddDays(random.Next(Days + 1))).Distinct().Order()];

    public void Shuffle<T>(List<T> list)
    {
        for (var i = list.Count - 1; i > 0; i--)
        {
            var j = random.Next(i + 1);
            (list[i], list[j]) = (list[j], list[i]);
        }
    }

    private decimal Price() => random.Next(100_000) / 10_000m;
}
