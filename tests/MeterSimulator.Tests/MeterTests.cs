using MeterSimulator.Fleet;
using MeterSimulator.Metering;

namespace MeterSimulator.Tests;

public sealed class MeterTests
{
    private static readonly DateTimeOffset Week = new(2026, 11, 16, 22, 0, 0, TimeSpan.Zero);
    private static readonly IReadOnlyList<MeterPlan> Meters =
        [.. FleetPlan.Create(new FleetOptions()).Meters, .. FleetPlan.Create(new FleetOptions { Seed = 2 }).Meters];

    public static TheoryData<int> EveryMeter => [.. Enumerable.Range(0, Meters.Count)];

    [Theory]
    [MemberData(nameof(EveryMeter))]
    public void Import_and_export_registers_only_grow(int index)
    {
        Quantity[] registers =
            [Quantity.EnergyImport, Quantity.EnergyExport, Quantity.EnergyTotal, Quantity.ReactiveImport, Quantity.ReactiveExport, Quantity.ApparentEnergy];
        var previous = Read(Meters[index], Week);
        for (var i = 1; i < 2000; i++)
        {
            var now = Read(Meters[index], Week.AddSeconds(i * 307)); // never in step with minutes, days or compressors
            foreach (var register in registers)
            {
                Assert.True(now[(int)register] >= previous[(int)register], $"{Meters[index].Name}: {register} falls after {i} steps");
            }

            Assert.True(now[(int)Quantity.EnergyTotal] > previous[(int)Quantity.EnergyTotal], "even a sleeping site uses something");
            previous = now;
        }
    }

    [Theory]
    [MemberData(nameof(EveryMeter))]
    public void Energy_is_the_integral_of_power(int index)
    {
        // Power runs in straight lines between minutes, so the mean of both ends of each minute is its exact energy.
        var meter = Meters[index];
        double net = 0, reactive = 0;
        var first = Read(meter, Week);
        var before = first;
        for (var minute = 1; minute <= 2880; minute++)
        {
            var now = Read(meter, Week.AddMinutes(minute));
            net += (before[(int)Quantity.Active] + now[(int)Quantity.Active]) / 2 / 60;
            reactive += (before[(int)Quantity.Reactive] + now[(int)Quantity.Reactive]) / 2 / 60;
            before = now;
        }

        Assert.Equal(net, before[(int)Quantity.EnergyNet] - first[(int)Quantity.EnergyNet], 1e-6 * Math.Abs(net) + 1e-6);
        var reactiveNet = before[(int)Quantity.ReactiveImport] - before[(int)Quantity.ReactiveExport]
            - first[(int)Quantity.ReactiveImport] + first[(int)Quantity.ReactiveExport];
        Assert.Equal(reactive, reactiveNet, 1e-6 * Math.Abs(reactive) + 1e-6);
    }

    [Theory]
    [MemberData(nameof(EveryMeter))]
    public void Within_a_minute_power_is_the_slope_of_the_registers(int index)
    {
        var meter = Meters[index];
        for (var i = 0; i < 200; i++)
        {
            var at = Week.AddMinutes(i * 37).AddSeconds(30);
            double[] early = Read(meter, at.AddSeconds(-5)), middle = Read(meter, at), late = Read(meter, at.AddSeconds(5));
            var slope = (late[(int)Quantity.EnergyNet] - early[(int)Quantity.EnergyNet]) * 360;
            Assert.Equal(middle[(int)Quantity.Active], slope, 1e-3);
        }
    }

    [Theory]
    [MemberData(nameof(EveryMeter))]
    public void Three_phases_fit_together(int index)
    {
        for (var i = 0; i < 300; i++)
        {
            var shown = Read(Meters[index], Week.AddMinutes(i * 31));
            double Of(Quantity quantity, int phase = 0) => shown[(int)quantity + phase];
            double active = 0, reactive = 0;
            for (var phase = 0; phase < 3; phase++)
            {
                var fromVolts = Of(Quantity.Voltage1, phase) * Of(Quantity.Current1, phase) * Of(Quantity.PowerFactor1, phase) / 1000;
                Assert.Equal(Of(Quantity.Active1, phase), fromVolts, 1e-6);
                active += Of(Quantity.Active1, phase);
                reactive += Of(Quantity.Reactive1, phase);
            }

            Assert.Equal(Of(Quantity.Active), active, 1e-6);
            Assert.Equal(Of(Quantity.Reactive), reactive, 1e-6);
            Assert.Equal(Of(Quantity.Apparent), Math.Sqrt((active * active) + (reactive * reactive)), 1e-6);
            var classic = Math.Sqrt(3) * Of(Quantity.VoltageLineAvg) * Of(Quantity.CurrentAvg) * Of(Quantity.PowerFactor) / 1000;
            Assert.Equal(Of(Quantity.Active), classic, 0.01 * Math.Abs(classic) + 0.001);
            Assert.InRange(Of(Quantity.Voltage1), 207, 253); // 230 V ± 10 %, as a utility must keep it
            Assert.InRange(Of(Quantity.Frequency), 49.8, 50.2);
            Assert.InRange(Of(Quantity.PowerFactor), -1, 1);
            Assert.InRange(Of(Quantity.UnbalanceVoltage), 0, 3);
            Assert.InRange(Of(Quantity.LoadType), 0, 2);
        }
    }

    [Theory]
    [MemberData(nameof(EveryMeter))]
    public void Demand_is_the_energy_of_the_last_quarter_of_an_hour(int index)
    {
        double[] early = Read(Meters[index], Week.AddMinutes(600)), late = Read(Meters[index], Week.AddMinutes(615));
        Assert.Equal((late[(int)Quantity.EnergyNet] - early[(int)Quantity.EnergyNet]) * 4, late[(int)Quantity.DemandActive], 1e-6);
    }

    [Theory]
    [MemberData(nameof(EveryMeter))]
    public void It_does_not_matter_when_or_in_which_order_a_meter_is_asked(int index)
    {
        var again = FleetPlan.Create(new FleetOptions { Seed = index < 8 ? 1 : 2 }).Meters[index < 8 ? index : index - 8];
        for (var i = 40; i >= 0; i--)
        {
            var at = Week.AddHours((i * 17 % 41) * 5).AddSeconds(i);
            Assert.Equal(Read(Meters[index], at), Read(again, at));
        }
    }

    [Fact]
    public void Many_threads_read_what_one_reads()
    {
        var expected = Enumerable.Range(0, 400).Select(i => Read(Meters[3], Week.AddMinutes(i * 29))).ToArray();
        var actual = new double[400][];
        Parallel.For(0, 400, i => actual[i] = Read(Meters[3], Week.AddMinutes(i * 29)));
        Assert.Equal(expected, actual);
    }

    [Fact]
    public void A_mains_power_is_what_its_sub_meters_and_the_rest_draw()
    {
        MeterPlan main = Named("Mall main"), supermarket = Named("Supermarket"), food = Named("Food court");
        for (var hour = 0; hour < 168; hour++)
        {
            var at = Week.AddHours(hour);
            var subs = Read(supermarket, at)[(int)Quantity.Active] + Read(food, at)[(int)Quantity.Active];
            Assert.True(Read(main, at)[(int)Quantity.Active] > subs);
        }
    }

    [Fact]
    public void A_check_meter_reads_almost_what_the_main_reads()
    {
        var ratio = Read(Named("Cold store check meter"), Week)[(int)Quantity.Active] / Read(Named("Cold store main"), Week)[(int)Quantity.Active];
        Assert.Equal(1.004, ratio, 1e-9);
    }

    [Fact]
    public void Panels_export_by_day_and_their_inverter_draws_a_little_at_night()
    {
        var panels = Named("Rooftop PV");
        Assert.True(Read(panels, Week.AddHours(14))[(int)Quantity.Active] < -10, "noon in Johannesburg");
        Assert.InRange(Read(panels, Week.AddHours(2))[(int)Quantity.Active], 0, 1);
        var main = Named("Distribution centre main");
        var sunday = Week.AddDays(5);
        var exported = Read(main, sunday.AddDays(1))[(int)Quantity.EnergyExport] - Read(main, sunday)[(int)Quantity.EnergyExport];
        Assert.True(exported > 10, "a warehouse that rests on Sunday sends its panels' power out");
    }

    [Fact]
    public void An_office_works_on_weekdays_and_a_mall_on_Saturday()
    {
        double Noon(string name, int day) => Read(Named(name), Week.AddDays(day).AddHours(12))[(int)Quantity.Active];
        Assert.True(Noon("Head office main", 0) > 3 * Noon("Head office main", 5)); // Tuesday, Sunday
        Assert.True(Noon("Workshop main", 0) > 5 * Noon("Workshop main", 5));
        Assert.True(Noon("Mall main", 4) > Noon("Mall main", 5)); // Saturday, Sunday
        Assert.True(Noon("Mall main", 4) > 1.5 * Read(Named("Mall main"), Week.AddDays(4).AddHours(2))[(int)Quantity.Active]);
    }

    [Fact]
    public void After_a_reset_the_registers_count_from_zero_at_the_same_pace()
    {
        var at = Week.AddHours(30);
        var reset = First(new FleetOptions { RegisterReset = new(null, at) });
        Assert.Equal(Read(Meters[0], at.AddSeconds(-1)), Read(reset, at.AddSeconds(-1)));
        Assert.Equal(0, Read(reset, at)[(int)Quantity.EnergyImport]);
        double Grown(MeterPlan meter) => Read(meter, at.AddHours(9))[(int)Quantity.EnergyImport] - Read(meter, at)[(int)Quantity.EnergyImport];
        Assert.Equal(Grown(Meters[0]), Grown(reset), 1e-6);
        Assert.Equal(Read(Meters[0], at.AddHours(9))[(int)Quantity.Active], Read(reset, at.AddHours(9))[(int)Quantity.Active]);
    }

    [Fact]
    public void After_a_ct_change_currents_powers_and_the_registers_pace_double()
    {
        var at = Week.AddHours(30);
        var changed = First(new FleetOptions { CtChange = new(null, at) });
        Assert.Equal(Read(Meters[0], at.AddSeconds(-1)), Read(changed, at.AddSeconds(-1)));
        double[] before = Read(Meters[0], at), after = Read(changed, at);
        Assert.Equal(2 * before[(int)Quantity.Active], after[(int)Quantity.Active], 1e-9);
        Assert.Equal(before[(int)Quantity.EnergyImport], after[(int)Quantity.EnergyImport], 1e-6);
        double Grown(MeterPlan meter) => Read(meter, at.AddHours(9))[(int)Quantity.EnergyImport] - Read(meter, at)[(int)Quantity.EnergyImport];
        Assert.Equal(2 * Grown(Meters[0]), Grown(changed), 1e-6);
        // Twice the current through the same voltage, but for the voltage's sag under load.
        Assert.Equal(2, after[(int)Quantity.CurrentAvg] / before[(int)Quantity.CurrentAvg], 0.1);
    }

    [Fact]
    public void An_event_hits_the_named_meter_and_no_other()
    {
        var at = Week.AddHours(30);
        var options = new FleetOptions { RegisterReset = new(Meters[5].Serial, at) };
        var fleet = FleetPlan.Create(options).Meters;
        Assert.Equal(0, Read(fleet[5], at)[(int)Quantity.EnergyImport]);
        Assert.All(fleet.Where((_, i) => i != 5), meter => Assert.True(Read(meter, at)[(int)Quantity.EnergyTotal] > 1));
        var wrong = Assert.Throws<ArgumentException>(() => FleetPlan.Create(new FleetOptions { CtChange = new("AN1", at) }));
        Assert.Contains("--ct-change", wrong.Message, StringComparison.Ordinal);
        Assert.Contains(Meters[5].Serial, wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_asked_for_share_of_values_is_absent_and_always_the_same_ones()
    {
        var meter = First(new FleetOptions { AbsentShare = 0.02 });
        var absent = 0;
        for (var i = 0; i < 2000; i++) absent += Read(meter, Week.AddMinutes(i)).Count(double.IsNaN);
        Assert.Equal(0.02, absent / (2000.0 * Quantities.Count), 0.002);
        Assert.Equal(Read(meter, Week.AddHours(1)), Read(First(new FleetOptions { AbsentShare = 0.02 }), Week.AddHours(1)));
    }

    [Fact]
    public void A_time_before_any_meter_is_an_error_not_a_guess() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Read(Meters[0], EnergyHistory.Epoch.AddMinutes(-1)));

    private static MeterPlan Named(string name) => Meters.Single(meter => meter.Name == name);

    private static MeterPlan First(FleetOptions options) => FleetPlan.Create(options with { Devices = 1 }).Meters[0];

    private static double[] Read(MeterPlan meter, DateTimeOffset time)
    {
        var values = new double[Quantities.Count];
        meter.Meter.Read(time, values);
        return values;
    }
}
