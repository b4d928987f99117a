using MeterSimulator.Loads;

namespace MeterSimulator.Metering;

/// <summary>
/// One virtual Acuvim. What it shows at an instant follows from its key and that instant alone; callers may ask from any thread and in
/// any order.
/// </summary>
internal sealed class Meter
{
    private static readonly TimeSpan DemandWindow = TimeSpan.FromMinutes(15);

    private readonly Lock _gate = new();
    private readonly ulong _key;
    private readonly EnergyHistory _history;
    private readonly ThreePhase _wires;
    private readonly EnergyTotals _before; // what the registers held at the epoch: the meter had been in use
    private readonly EnergyTotals _atCtChange;
    private readonly EnergyTotals _atReset;

    /// <param name="key">Seed of everything that is this meter's own.</param>
    /// <param name="siteKey">Seed of what it has in common with its neighbours: the supply voltage.</param>
    /// <param name="circuit">What flows through it.</param>
    /// <param name="events">What happens to it.</param>
    public Meter(ulong key, ulong siteKey, Circuit circuit, MeterEvents events)
    {
        _key = key;
        Events = events;
        _history = new EnergyHistory(circuit);
        _wires = new ThreePhase(key, siteKey, circuit.RatedKw);
        var years = 0.2 + (3 * Noise.Unit(Noise.Key(key, "age"), 0));
        _before = years * 2500 * circuit.RatedKw * new EnergyTotals(1, 0, 0.4, 0, 1.1);
        if (events.CtChange is { } change) _atCtChange = _history.TotalsAt(change);
        if (events.RegisterReset is { } reset) _atReset = Counted(reset);
    }

    public MeterEvents Events { get; }

    /// <summary>Reads the meter at a true time (not the time of its own clock).</summary>
    /// <param name="time">Not before <see cref="EnergyHistory.Epoch"/> and a quarter of an hour.</param>
    /// <param name="into">One place for each <see cref="Quantity"/>; NaN is absent.</param>
    public void Read(DateTimeOffset time, Span<double> into)
    {
        PowerPoint power;
        EnergyTotals now, windowAgo;
        lock (_gate)
        {
            power = _history.PowerAt(time);
            windowAgo = Counted(time - DemandWindow);
            now = Counted(time);
        }

        var factor = CtFactorAt(time);
        _wires.Fill(time.ToUnixTimeSeconds(), new(factor * power.Kw, factor * power.Kvar), into);
        FillDemand(now - windowAgo, into);
        FillRegisters(time >= Events.RegisterReset ? now - _atReset : _before + now, into);
        if (Events.AbsentShare > 0) Drop(time, into);
    }

    private double CtFactorAt(DateTimeOffset time) => time >= Events.CtChange ? MeterEvents.CtFactor : 1;

    private EnergyTotals Counted(DateTimeOffset time)
    {
        var totals = _history.TotalsAt(time);
        return time >= Events.CtChange ? _atCtChange + (MeterEvents.CtFactor * (totals - _atCtChange)) : totals;
    }

    private static void FillDemand(EnergyTotals window, Span<double> into)
    {
        var perHour = 1 / DemandWindow.TotalHours;
        into[(int)Quantity.DemandActive] = (window.ImportKwh - window.ExportKwh) * perHour;
        into[(int)Quantity.DemandReactive] = (window.ImportKvarh - window.ExportKvarh) * perHour;
        into[(int)Quantity.DemandApparent] = window.Kvah * perHour;
    }

    private void FillRegisters(EnergyTotals registers, Span<double> into)
    {
        into[(int)Quantity.EnergyImport] = registers.ImportKwh;
        into[(int)Quantity.EnergyExport] = registers.ExportKwh;
        into[(int)Quantity.EnergyTotal] = registers.ImportKwh + registers.ExportKwh;
        into[(int)Quantity.EnergyNet] = registers.ImportKwh - registers.ExportKwh;
        into[(int)Quantity.ReactiveImport] = registers.ImportKvarh;
        into[(int)Quantity.ReactiveExport] = registers.ExportKvarh;
        into[(int)Quantity.ApparentEnergy] = registers.Kvah;
        for (var phase = 0; phase < 3; phase++)
        {
            into[(int)Quantity.EnergyImport1 + phase] = registers.ImportKwh * _wires.Share(phase);
            into[(int)Quantity.EnergyExport1 + phase] = registers.ExportKwh * _wires.Share(phase);
        }
    }

    private void Drop(DateTimeOffset time, Span<double> into)
    {
        var key = Noise.Key(_key, "absent");
        var at = time.ToUnixTimeSeconds() * 64; // 62 quantities: each its own position
        for (var i = 0; i < into.Length; i++)
        {
            if (Noise.Unit(key, at + i) < Events.AbsentShare) into[i] = double.NaN;
        }
    }
}
