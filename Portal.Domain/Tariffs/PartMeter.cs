namespace Portal.Domain.Tariffs;

/// <summary>The registers of a site's main meters.</summary>
internal sealed class SiteRegisters(IReadOnlyList<MeterRegisters> meters)
{
    public SiteRegister Import { get; } = new(meters.Select(meter => meter.Import));

    public SiteRegister Export { get; } = new(meters.Select(meter => meter.Export));

    public SiteRegister ReactiveImport { get; } = new(meters.Select(meter => meter.ReactiveImport));

    public SiteRegister ReactiveExport { get; } = new(meters.Select(meter => meter.ReactiveExport));
}

/// <summary>What the registers say of one part of a bill; each figure is made when it is first asked for.</summary>
internal sealed class PartMeter(BillPart part, SiteRegisters registers)
{
    private BandRuns? runs;
    private BandRuns? grid;
    private BandTotal[]? import;
    private BandTotal[]? export;
    private BandTotal[]? reactive;
    private HalfHour[]? halfHours;

    /// <summary>One run per band and day.</summary>
    public BandRuns Runs => runs ??= part.Runs();

    /// <summary>The runs cut at the half-hours of the local clock as well.</summary>
    public BandRuns Grid => grid ??= part.Runs(HalfHour.Length);

    public SiteRegisters Registers => registers;

    /// <summary>By band.</summary>
    public BandTotal[] Import => import ??= Totals(registers.Import);

    /// <summary>By band.</summary>
    public BandTotal[] Export => export ??= Totals(registers.Export);

    /// <summary>By band.</summary>
    public BandTotal[] Reactive => reactive ??= Totals(registers.ReactiveImport);

    public HalfHour[] HalfHours =>
        halfHours ??= HalfHour.Of(
            Grid,
            registers.Import.Measure(Grid),
            registers.ReactiveImport.Measure(Grid),
            registers.ReactiveExport.Measure(Grid)
        );

    /// <summary>The bands of a scope together.</summary>
    public BandTotal Sum(BandTotal[] totals, BandScope scope)
    {
        var sum = new BandTotal();
        for (var band = 0; band < totals.Length; band++)
        {
            if (scope.HasBand(part.Table.Band(band)))
            {
                sum.Add(totals[band]);
            }
        }

        return sum;
    }

    private BandTotal[] Totals(SiteRegister register)
    {
        var totals = new BandTotal[part.Table.Bands];
        var energies = register.Measure(Runs);
        for (var run = 0; run < energies.Length; run++)
        {
            totals[Runs.Band(run)].Add(energies[run], Runs.Length(run));
        }

        return totals;
    }
}
