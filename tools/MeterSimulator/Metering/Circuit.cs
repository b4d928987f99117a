using MeterSimulator.Loads;

namespace MeterSimulator.Metering;

/// <summary>The wires behind a meter: the sum of loads (and sources) that flow through it.</summary>
internal sealed class Circuit(Surroundings surroundings, IReadOnlyList<(LoadCurve Load, double Share)> loads)
{
    public double RatedKw { get; } = loads.Sum(part => part.Load.RatedKw * part.Share);

    public PowerPoint At(long minute)
    {
        var here = surroundings.At(minute);
        double kw = 0, kvar = 0;
        foreach (var (load, share) in loads)
        {
            var active = load.KwAt(here);
            kw += share * active;
            kvar += share * load.KvarAt(here, active);
        }

        return new(kw, kvar);
    }
}
