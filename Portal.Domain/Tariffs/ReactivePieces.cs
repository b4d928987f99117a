namespace Portal.Domain.Tariffs;

/// <summary>Reactive energy of one half-hour (or of what one band holds of it) beyond what is free.</summary>
/// <param name="Run">Its run in the part's grid.</param>
/// <param name="Excess">kvarh.</param>
internal readonly record struct ReactivePiece(int Run, decimal Excess, EnergyDoubts Doubts)
{
    public bool IsKnown => !Doubts.HasFlag(EnergyDoubts.Missing);
}

internal static class ReactivePieces
{
    public static List<ReactivePiece> Of(PartLedger ledger, ReactiveCharge charge)
    {
        var grid = ledger.Meter.Grid;
        var reactive = ledger.Meter.Registers.ReactiveImport.Measure(grid);
        var active = ledger.Meter.Registers.Import.Measure(grid);
        var pieces = new List<ReactivePiece>();
        for (var run = 0; run < grid.Count; run++)
        {
            if (charge.Scope.HasBand(ledger.Part.Table.Band(grid.Band(run))))
            {
                var doubts = reactive[run].Doubts | active[run].Doubts;
                var known = !doubts.HasFlag(EnergyDoubts.Missing);
                pieces.Add(new ReactivePiece(run, known ? EnergyLines.Excess(reactive[run].Micro, active[run].Micro, charge.FreePercent) : 0, doubts));
            }
        }

        return pieces;
    }
}
