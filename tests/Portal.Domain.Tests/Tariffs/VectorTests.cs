using Portal.Domain.Tariffs;
using static Portal.Domain.Tests.Tariffs.Billing;

namespace Portal.Domain.Tests.Tariffs;

/// <summary>Published bills and prices that the engine must reproduce, each with its source.</summary>
public sealed class VectorTests
{
    /// <summary>
    /// City Power's prepaid tariff of 2023/24. Press releases give sums: 350 kWh R 733.85, with VAT R 843.93; 374 kWh R 791.57 (BusinessTech,
    /// 4 July 2023); 800 kWh R 1,916.76 (Northcliff Melville Times, 8 July 2024). The second block is R 2.4050; 209.671 c and 274.054 c are the prices
    /// with the fewest digits that give those sums.
    /// </summary>
    internal static readonly BlockCharge CityPowerPrepaid = new("Energy", [new(350, 2.09671m), new(500, 2.4050m), new(null, 2.74054m)]);

    [Theory]
    [InlineData(350, "733.85", "843.93")]
    [InlineData(374, "791.57", null)]
    [InlineData(800, "1916.76", null)]
    [InlineData(0, "0.00", "0.00")]
    public void City_power_prepaid_2023_comes_to_the_published_sums(double kwh, string without, string? withVat)
    {
        var bill = Bill(Version(CityPowerPrepaid), "2023-08-01", "2023-09-01", Used("2023-08-01", "2023-09-01", kwh));

        Assert.Equal(without, Text(BillCalculator.Rounded(bill.Subtotal)));
        Assert.Equal(withVat ?? Text(bill.Total), Text(bill.Total));
    }

    [Fact]
    public void Its_second_block_takes_the_kilowatt_hours_above_350()
    {
        var bill = Bill(Version(CityPowerPrepaid), "2023-08-01", "2023-09-01", Used("2023-08-01", "2023-09-01", 374));

        Assert.Equal([350m, 24m, 0m], bill.Lines.Select(line => line.Quantity));
        Assert.Equal(57.72m, bill.Lines[1].Amount);
    }

    [Fact]
    public void City_power_prepaid_2024_charges_two_hundred_rand_a_month_before_energy()
    {
        // R 70 service and R 130 network capacity, without VAT (Northcliff Melville Times, 8 July 2024).
        var version = Version(new FixedCharge("Service", FixedBasis.Month, 70), new FixedCharge("Network capacity", FixedBasis.Month, 130));

        var bill = Bill(version, "2024-08-01", "2024-09-01");

        Assert.Equal(200m, bill.Subtotal);
        Assert.Equal(230m, bill.Total);
    }

    [Fact]
    public void Cape_town_lifeline_2025_costs_what_the_city_publishes_with_vat()
    {
        // 226.53 c/kWh without VAT, 260.51 c/kWh with it (City of Cape Town, The cost of electricity, 2025/26).
        var bill = Bill(Version(new EnergyCharge("Energy", [new(null, null, 2.2653m)])), "2025-08-01", "2025-09-01", Used("2025-08-01", "2025-09-01", 100));

        Assert.Equal(226.53m, bill.Subtotal);
        Assert.Equal(260.51m, bill.Total);
    }

    [Theory]
    [InlineData(50, "0")]
    [InlineData(51, "2.0605")]
    [InlineData(600, "1133.2750")] // 550 · 2.0605
    [InlineData(700, "1483.5150")] // and 100 · 3.5024
    public void Ekurhuleni_tariff_a_2023_follows_its_blocks(double kwh, string amount)
    {
        // Blocks above 50, to 600 and to 700 kWh (City of Ekurhuleni, Schedule 2, electricity tariffs 2023/24, tariff A).
        var version = Version(new BlockCharge("Energy", [new(600, 2.0605m), new(700, 3.5024m)], Free: 50));

        var bill = Bill(version, "2023-08-01", "2023-09-01", Used("2023-08-01", "2023-09-01", kwh));

        Assert.Equal(decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture), bill.Subtotal);
        Assert.True(bill.IsComplete);
    }

    [Fact]
    public void What_the_source_has_no_price_for_is_shown_without_one()
    {
        var version = Version(new BlockCharge("Energy", [new(600, 2.0605m), new(700, 3.5024m)], Free: 50));

        var bill = Bill(version, "2023-08-01", "2023-09-01", Used("2023-08-01", "2023-09-01", 800));

        var beyond = bill.Lines[^1];
        Assert.Equal((100m, null, null, new BlockRange(700, null)), (beyond.Quantity, beyond.Price, beyond.Amount, beyond.Block));
        Assert.Equal(1_483.515m, bill.Subtotal);
        Assert.False(bill.IsComplete);
        Assert.Equal([BillNote.BeyondBlocks], bill.Notes);
    }

    /// <summary>Eskom Miniflex 2025/26, high demand season, c/kWh (Eskom, schedule of standard prices 2025/26).</summary>
    internal static readonly TariffComponent[] Miniflex =
    [
        new EnergyCharge(
            "Active energy",
            [new(Clocks.High, Clocks.Peak, 6.8459m), new(Clocks.High, Clocks.Standard, 1.7115m), new(Clocks.High, Clocks.OffPeak, 1.1409m)]
        ),
        new Levy("Legacy", 0.2278m, BandScope.All),
        new Levy("Ancillary service", 0.0041m, BandScope.All),
        new Levy("Network demand", 0.2970m, new BandScope(null, [Clocks.Peak, Clocks.Standard])),
        new Levy("Electrification and rural subsidy", 0.0494m, BandScope.All),
        new Levy("Affordability subsidy", 0.0469m, BandScope.All),
    ];

    [Theory]
    [InlineData("2025-07-01 06:00", "2025-07-01 07:00", "7.4711")]
    [InlineData("2025-07-01 12:00", "2025-07-01 13:00", "2.3367")]
    [InlineData("2025-07-01 23:00", "2025-07-02", "1.4691")]
    public void Eskom_miniflex_2025_sums_up_to_its_price_per_kwh(string from, string to, string price)
    {
        // 747.11, 233.67 and 146.91 c/kWh for peak, standard and off-peak.
        var bill = Bill(Version(Clocks.Eskom, Miniflex), from, to, Constant("2025-07-01", "2025-07-03", kw: 1));

        Assert.Equal(decimal.Parse(price, System.Globalization.CultureInfo.InvariantCulture), bill.Subtotal);
    }

    [Fact]
    public void The_seasons_of_eskoms_clock_have_their_hours_in_2021()
    {
        // High demand season 2,208 hours, low demand season 6,552 hours (Eskom, tariffs and charges 2021/22).
        var bySeason = Bill(
            Version(Clocks.Eskom, new EnergyCharge("Energy", [new(Clocks.High, null, 1), new(Clocks.Low, null, 1)])),
            "2021-01-01",
            "2022-01-01",
            Constant("2021-01-01", "2022-01-01", kw: 1)
        );

        var hours = bySeason.Lines.GroupBy(line => line.Season!).ToDictionary(group => group.Key, group => group.Sum(line => line.Quantity));
        Assert.Equal((2_208m, 6_552m), (hours[Clocks.High], hours[Clocks.Low]));
    }

    private static string Text(decimal amount) => amount.ToString("0.00", System.Globalization.CultureInfo.InvariantCulture);
}
