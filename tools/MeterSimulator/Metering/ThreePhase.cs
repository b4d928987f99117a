using MeterSimulator.Loads;

namespace MeterSimulator.Metering;

/// <summary>
/// Spreads a power over three phases of a 230/400 V supply so that everything a meter shows of it fits together: P = V·I·cos φ by
/// phase, sums over the phases, line voltages and the neutral current from the vectors.
/// </summary>
internal sealed class ThreePhase
{
    private const double Nominal = 230;
    private static readonly ulong Grid = Noise.Key(50, "grid"); // one frequency for everybody

    private readonly ulong _key;
    private readonly ulong _siteKey;
    private readonly double _ratedKw;
    private readonly double[] _shares = new double[3];

    public ThreePhase(ulong key, ulong siteKey, double ratedKw)
    {
        _key = Noise.Key(key, "phases");
        _siteKey = Noise.Key(siteKey, "supply");
        _ratedKw = Math.Max(ratedKw, 0.1);
        for (var phase = 0; phase < 3; phase++) _shares[phase] = 1 + (0.06 * Noise.Centred(_key, phase));
        var sum = _shares.Sum();
        for (var phase = 0; phase < 3; phase++) _shares[phase] /= sum;
    }

    /// <summary>The phase's part of the load, over time; the three are 1 together.</summary>
    public double Share(int phase) => _shares[phase];

    public void Fill(long seconds, PowerPoint power, Span<double> into)
    {
        Span<double> volts = stackalloc double[3];
        Span<double> amps = stackalloc double[3];
        Span<double> shares = stackalloc double[3];
        Jitter(seconds, shares);

        var load = Math.Abs(power.Kw) / _ratedKw;
        var kva = power.Kva;
        var cosPhi = kva > 1e-9 ? power.Kw / kva : 1;
        for (var phase = 0; phase < 3; phase++)
        {
            var sway = (0.010 * Noise.Smooth(_siteKey, seconds + (phase * 7919), 1800))
                + (0.003 * Noise.Smooth(_siteKey + 1, seconds + (phase * 7919), 60));
            volts[phase] = Nominal * (1.006 + sway - (0.018 * load));
            amps[phase] = kva * shares[phase] * 1000 / volts[phase];
            into[(int)Quantity.Voltage1 + phase] = volts[phase];
            into[(int)Quantity.Current1 + phase] = amps[phase];
            into[(int)Quantity.Active1 + phase] = power.Kw * shares[phase];
            into[(int)Quantity.Reactive1 + phase] = power.Kvar * shares[phase];
            into[(int)Quantity.Apparent1 + phase] = kva * shares[phase];
            into[(int)Quantity.PowerFactor1 + phase] = cosPhi;
        }

        into[(int)Quantity.Frequency] = 50 + (0.04 * Noise.Smooth(Grid, seconds, 300)) + (0.015 * Noise.Smooth(Grid + 1, seconds, 20));
        into[(int)Quantity.Active] = power.Kw;
        into[(int)Quantity.Reactive] = power.Kvar;
        into[(int)Quantity.Apparent] = kva;
        into[(int)Quantity.PowerFactor] = cosPhi;
        into[(int)Quantity.LoadType] = Math.Abs(power.Kvar) < 0.02 * kva ? 2 : power.Kvar > 0 ? 0 : 1;
        FillLines(volts, amps, into);
        FillQuality(seconds, load, volts, amps, into);
        FillAngles(power, into);
    }

    private void Jitter(long seconds, Span<double> shares)
    {
        var sum = 0.0;
        for (var phase = 0; phase < 3; phase++)
        {
            shares[phase] = _shares[phase] * (1 + (0.012 * Noise.Smooth(_key + 17, seconds + (phase * 104_729), 600)));
            sum += shares[phase];
        }

        for (var phase = 0; phase < 3; phase++) shares[phase] /= sum;
    }

    private static void FillLines(ReadOnlySpan<double> volts, ReadOnlySpan<double> amps, Span<double> into)
    {
        var lines = 0.0;
        for (var phase = 0; phase < 3; phase++)
        {
            double a = volts[phase], b = volts[(phase + 1) % 3];
            var line = Math.Sqrt((a * a) + (b * b) + (a * b)); // 120° apart
            into[(int)Quantity.Voltage12 + phase] = line;
            lines += line;
        }

        into[(int)Quantity.VoltageLineAvg] = lines / 3;
        into[(int)Quantity.VoltageAvg] = (volts[0] + volts[1] + volts[2]) / 3;
        into[(int)Quantity.CurrentAvg] = (amps[0] + amps[1] + amps[2]) / 3;
        var rest = (amps[0] * amps[0]) + (amps[1] * amps[1]) + (amps[2] * amps[2])
            - (amps[0] * amps[1]) - (amps[1] * amps[2]) - (amps[2] * amps[0]);
        into[(int)Quantity.CurrentNeutral] = Math.Sqrt(Math.Max(0, rest));
    }

    private void FillQuality(
        long seconds, double load, ReadOnlySpan<double> volts, ReadOnlySpan<double> amps, Span<double> into)
    {
        double voltageSum = 0, currentSum = 0;
        for (var phase = 0; phase < 3; phase++)
        {
            var at = seconds + (phase * 6151);
            var voltage = 1.9 + (0.5 * Noise.Smooth(_siteKey + 2, at, 3600)) + (0.15 * Noise.Smooth(_siteKey + 3, at, 60));
            // Harmonics stay while the load goes: their share of a small current is large.
            var current = (4 + (5 * (1 - Math.Min(1, load)))) * (1 + (0.2 * Noise.Smooth(_key + 4, at, 600)));
            into[(int)Quantity.ThdVoltage1 + phase] = voltage;
            into[(int)Quantity.ThdCurrent1 + phase] = current;
            voltageSum += voltage;
            currentSum += current;
        }

        into[(int)Quantity.ThdVoltageAvg] = voltageSum / 3;
        into[(int)Quantity.ThdCurrentAvg] = currentSum / 3;
        into[(int)Quantity.UnbalanceVoltage] = Unbalance(volts);
        into[(int)Quantity.UnbalanceCurrent] = Unbalance(amps);
    }

    // As the meter does it: the largest deviation from the mean, in per cent of the mean.
    private static double Unbalance(ReadOnlySpan<double> phases)
    {
        var mean = (phases[0] + phases[1] + phases[2]) / 3;
        if (mean <= 0) return 0;
        var worst = Math.Max(Math.Abs(phases[0] - mean), Math.Max(Math.Abs(phases[1] - mean), Math.Abs(phases[2] - mean)));
        return 100 * worst / mean;
    }

    private static void FillAngles(PowerPoint power, Span<double> into)
    {
        var phi = Math.Atan2(power.Kvar, power.Kw) * 180 / Math.PI;
        into[(int)Quantity.AngleVoltage2] = 120;
        into[(int)Quantity.AngleVoltage3] = 240;
        for (var phase = 0; phase < 3; phase++)
        {
            into[(int)Quantity.AngleCurrent1 + phase] = (phi + (120 * phase) + 360) % 360;
        }
    }
}
