namespace MeterSimulator.Loads;

/// <summary>
/// Compressors that cycle, longer in the heat and while doors stand open; evaporator fans that always run; a defrost four times a
/// day, during which the compressors rest.
/// </summary>
internal sealed class ColdStore(ulong key, double ratedKw) : LoadCurve(key, ratedKw, tanPhi: 0.55)
{
    // Periods without a common divisor, so that the three drift against each other; minutes.
    private static readonly (int Period, double Share)[] Compressors = [(23, 0.28), (31, 0.24), (43, 0.17)];

    public override double KwAt(in LocalMinute minute)
    {
        var fans = 0.20 + (0.01 * Noise.Smooth(Key, minute.Minute, 60));
        var sinceDefrost = minute.OfDay % 360;
        if (sinceDefrost < 18) return RatedKw * (fans + 0.10);

        var doorsOpen = !minute.IsWeekend && minute.OfDay is >= 330 and < 1020 ? 0.12 : 0;
        var duty = Math.Clamp(0.42 + (0.017 * (minute.AmbientC - 15)) + doorsOpen, 0.15, 0.97);
        var running = 0.0;
        for (var i = 0; i < Compressors.Length; i++)
        {
            var (period, share) = Compressors[i];
            var (cycle, at) = Math.DivRem(minute.Minute, period);
            var thisDuty = duty * (1 + (0.15 * Noise.Centred(Key + (ulong)i, cycle)));
            if (at < thisDuty * period) running += share * (1 + (0.03 * Noise.Centred(Key, minute.Minute)));
        }

        return RatedKw * (fans + running);
    }
}
