namespace Portal.Domain.Tariffs;

/// <summary>What is charged for one part of a bill: every component adds its lines.</summary>
internal sealed class PartLedger(BillPart part, BillInput input, PartMeter meter, DemandHistory history, ISet<BillNote> notes)
{
    private readonly List<(int Component, BillLine Line)> lines = [];

    public BillPart Part => part;

    public BillInput Input => input;

    public PartMeter Meter => meter;

    public DemandHistory History => history;

    /// <summary>What was charged so far, in the order of the bill.</summary>
    public IReadOnlyList<BillLine> Lines => [.. lines.OrderBy(line => line.Component).Select(line => line.Line)];

    public void Note(BillNote note) => notes.Add(note);

    /// <summary>Charges everything: percentages after what they are a percentage of, the minimum after all.</summary>
    public static PartLedger Of(BillPart part, BillInput input, SiteRegisters registers, DemandHistory history, ISet<BillNote> notes)
    {
        var ledger = new PartLedger(part, input, new PartMeter(part, registers), history, notes);
        foreach (var (order, component) in part.Version.Components.Index().OrderBy(entry => Turn(entry.Item)))
        {
            foreach (var (item, draft) in ledger.Charge(component).Index())
            {
                ledger.lines.Add((order, draft.ToLine(part, component, $"{part.LinePrefix}{order}.{item}")));
            }
        }

        return ledger;
    }

    /// <summary>Sum of the known amounts of some components so far, and whether all of them are known well.</summary>
    public (decimal Amount, bool IsEstimated) Sum(Func<TariffComponent, bool> of)
    {
        var matching = lines.Where(line => of(line.Line.Component)).Select(line => line.Line).ToList();
        return (matching.Sum(line => line.Amount ?? 0), matching.Any(line => line.IsEstimated || line.Amount is null));
    }

    private List<LineDraft> Charge(TariffComponent component) =>
        component switch
        {
            EnergyCharge energy => EnergyLines.Of(this, energy),
            BlockCharge blocks => BlockLines.Of(this, blocks),
            Levy levy => EnergyLines.Of(this, levy),
            ReactiveCharge reactive => EnergyLines.Of(this, reactive),
            ExportCredit export => EnergyLines.Of(this, export),
            DemandCharge demand => DemandLines.Of(this, demand),
            CapacityCharge capacity => DemandLines.Of(this, capacity),
            FixedCharge fixedCharge => FixedLines.Of(this, fixedCharge),
            Surcharge surcharge => FixedLines.Of(this, surcharge),
            MinimumCharge minimum => FixedLines.Of(this, minimum),
            _ => throw new ArgumentOutOfRangeException(nameof(component), component, "Not a component."),
        };

    private static int Turn(TariffComponent component) =>
        component switch
        {
            MinimumCharge => 2,
            Surcharge => 1,
            _ => 0,
        };
}

/// <summary>What a component charges; the ledger makes a line of it.</summary>
/// <param name="Quantity">Null where nothing is known.</param>
/// <param name="Price">Null where the tariff has none.</param>
internal sealed record LineDraft(string Unit, decimal? Quantity, decimal? Price)
{
    public string? Band { get; init; }

    public BlockRange? Block { get; init; }

    public MonthShare Share { get; init; } = MonthShare.Whole;

    public bool IsEstimated { get; init; }

    public decimal EstimatedQuantity { get; init; }

    public TimeSpan Missing { get; init; }

    /// <summary>What it is for, where that isn't the whole part. UTC ticks.</summary>
    public (long From, long To)? Span { get; init; }

    public static LineDraft Energy(string unit, in BandTotal total, decimal? price) =>
        new(unit, total.IsKnown ? RunEnergy.Units(total.Micro) : null, price)
        {
            IsEstimated = total.IsEstimated,
            EstimatedQuantity = RunEnergy.Units(total.EstimatedMicro),
            Missing = TimeSpan.FromTicks(total.MissingTicks),
        };

    public BillLine ToLine(BillPart part, TariffComponent component, string id) =>
        new(
            id,
            part.Applied.Tariff,
            part.Version,
            component,
            part.Local(Span?.From ?? part.From),
            part.Local(Span?.To ?? part.To),
            part.Season,
            Band,
            Block,
            Quantity,
            Unit,
            Price,
            Share.Value,
            Share.Times(Quantity * Price),
            IsEstimated,
            EstimatedQuantity,
            Missing
        );
}
