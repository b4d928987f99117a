using MeterSimulator.Fleet;
using MeterSimulator.Metering;
using MeterSimulator.Posts;
using Portal.Domain.Decoding;
using Portal.Domain.Measurements;
using Quantities = Portal.Domain.Measurements.Quantities;
using Quantity = MeterSimulator.Metering.Quantity;

namespace MeterSimulator.Tests;

/// <summary>What the fleet posts, read by the portal's own decoder: both sides of the contract at one table.</summary>
public sealed class PortalDecodingTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 23, 10, 0, 0, TimeSpan.Zero);

    private static readonly (Quantity Shown, string Stored)[] Compared =
    [
        (Quantity.Frequency, "frequencyHz"), (Quantity.Voltage1, "voltage1V"), (Quantity.Voltage3, "voltage3V"),
        (Quantity.Voltage31, "voltage31V"), (Quantity.VoltageLineAvg, "voltageLineAvgV"), (Quantity.Current2, "current2A"),
        (Quantity.CurrentNeutral, "currentNeutralA"), (Quantity.Active1, "activePower1Kw"), (Quantity.Active, "activePowerKw"),
        (Quantity.Reactive, "reactivePowerKvar"), (Quantity.Apparent3, "apparentPower3Kva"), (Quantity.Apparent, "apparentPowerKva"),
        (Quantity.PowerFactor2, "powerFactor2"), (Quantity.PowerFactor, "powerFactor"), (Quantity.DemandActive, "demandActiveKw"),
        (Quantity.EnergyImport, "energyImportKwh"), (Quantity.EnergyExport, "energyExportKwh"), (Quantity.EnergyNet, "energyNetKwh"),
        (Quantity.ReactiveImport, "reactiveEnergyImportKvarh"), (Quantity.ApparentEnergy, "apparentEnergyKvah"),
        (Quantity.EnergyImport2, "energyImport2Kwh"), (Quantity.ThdVoltage1, "thdVoltage1Pct"), (Quantity.ThdCurrentAvg, "thdCurrentAvgPct"),
        (Quantity.UnbalanceCurrent, "unbalanceCurrentPct"),
    ];

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(1, 90)]
    [InlineData(2, 90)]
    public void The_portal_reads_every_loggers_live_and_cached_posts_in_the_right_units(int seed, int readings)
    {
        var fleet = FleetPlan.Create(new FleetOptions { Seed = seed, UnknownDevice = true });
        foreach (var logger in fleet.Loggers)
        {
            var step = 60 * logger.IntervalMultiple;
            foreach (var post in Post.For(logger, new(Noon.ToUnixTimeSeconds(), readings, step)))
            {
                var decoded = AcuvimDecoder.Decode(PostBody.File(post), logger.Multipart ? $"{post.Meters[0].Serial}/{post.Meters[0].Model}" : null);
                Assert.Equal(post.Readings, decoded.Batch.Count);
                Assert.All(decoded.UnknownParameters, parameter => Assert.StartsWith("Ang_", parameter.Name, StringComparison.Ordinal));
                for (var row = 0; row < decoded.Batch.Count; row++) Compare(post, decoded.Batch, row);
            }
        }
    }

    [Fact]
    public void Absent_values_stay_absent_there()
    {
        foreach (var logger in FleetPlan.Create(new FleetOptions { AbsentShare = 0.3 }).Loggers)
        {
            foreach (var post in Post.For(logger, new(Noon.ToUnixTimeSeconds(), 30, 60 * logger.IntervalMultiple)))
            {
                var decoded = AcuvimDecoder.Decode(PostBody.File(post), logger.Multipart ? $"{post.Meters[0].Serial}/x" : null);
                for (var row = 0; row < decoded.Batch.Count; row++) Compare(post, decoded.Batch, row);
            }
        }
    }

    private static void Compare(Post post, MeasurementBatch batch, int row)
    {
        var key = batch.Keys[row];
        Assert.Null(batch.Refused(row));
        var meter = post.Meters.Single(meter => meter.Serial == batch.ExternalIds[key.Device]);
        var time = new DateTimeOffset(key.Ticks, key.IsLocal ? meter.Site.Zone.GetUtcOffset(Noon) : TimeSpan.Zero);
        Assert.Equal(post.Form == PostForm.MeterLog, key.IsLocal);

        var shown = new double[Metering.Quantities.Count];
        meter.Meter.Read(time, shown);
        var stored = batch.Values(row);
        var expected = Logged(post).ToHashSet();
        foreach (var (quantity, name) in Compared)
        {
            var value = stored[Quantities.ByName[name].Index];
            if (!expected.Contains(quantity) || double.IsNaN(shown[(int)quantity])) Assert.True(double.IsNaN(value), $"{post.Logger.Name}: {name}");
            else Assert.Equal(shown[(int)quantity], value, 0.051);
        }
    }

    private static IEnumerable<Quantity> Logged(Post post) => post.Form == PostForm.MeterLog
        ? [Quantity.EnergyImport, Quantity.EnergyExport, Quantity.ReactiveImport, Quantity.ReactiveExport]
        : post.Logger.Dialect.Parameters.Select(parameter => parameter.Quantity)
            .Where(quantity => post.Logger.Values == LoggedValues.Everything || !Metering.Quantities.IsRegister(quantity));
}
