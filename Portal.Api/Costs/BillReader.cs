using Portal.Data.Queries;
using Portal.Domain.Energy;
using Portal.Domain.Tariffs;

namespace Portal.Api.Costs;

/// <summary>Reads what bills need from the roll-ups.</summary>
internal sealed class BillReader(RegisterQueries registers)
{
    /// <summary>
    /// Most roll-ups that are read for a bill, over all meters and registers: 100 bytes each, 150 MB. A year of three meters with reactive energy and
    /// a year to look back on fits.
    /// </summary>
    public const long MaxRollUps = 1_500_000;

    /// <summary>Sites that are read by one statement: their roll-ups are in memory together.</summary>
    private const int SitesAtOnce = 20;

    public static BillInput Input(BilledSite site, DateTimeOffset from, DateTimeOffset to, IReadOnlyList<AppliedTariff>? tariffs = null) =>
        new(site.Zone, from, to, tariffs ?? site.Rates.Tariffs, site.Rates.Facts, []);

    /// <summary>True where the bill would read more than it may.</summary>
    public static bool IsTooLong(BilledSite site, BillNeeds needs)
    {
        var perHour = needs.Resolution == IntervalLength.Hour ? 1 : 4;
        var registers = 1 + (needs.Export ? 1 : 0) + (needs.Reactive ? 2 : 0);
        return (needs.To - needs.From).TotalHours * perHour * registers * site.Mains.Count > MaxRollUps;
    }

    /// <summary>The input with the registers of the site's main meters.</summary>
    public async Task<BillInput> FillAsync(BilledSite site, BillInput input, BillNeeds needs, CancellationToken cancellationToken)
    {
        var meters = await MetersAsync(site.Mains, needs, cancellationToken);
        return input with { Meters = [.. site.Mains.Select(id => meters[id])] };
    }

    /// <summary>Bills of many sites: those that need the same are read together.</summary>
    /// <returns>In the order of the inputs.</returns>
    public async Task<Bill[]> CalculateAsync(IReadOnlyList<(BilledSite Site, BillInput Input)> inputs, CancellationToken cancellationToken)
    {
        var bills = new Bill[inputs.Count];
        var groups = inputs.Index().GroupBy(entry => BillNeeds.Of(entry.Item.Input));
        foreach (var (needs, some) in groups.SelectMany(group => group.Chunk(SitesAtOnce).Select(some => (group.Key, some))))
        {
            var meters = await MetersAsync([.. some.SelectMany(entry => entry.Item.Site.Mains)], needs, cancellationToken);
            Parallel.ForEach(
                some,
                entry => bills[entry.Index] = BillCalculator.Calculate(entry.Item.Input with { Meters = [.. entry.Item.Site.Mains.Select(id => meters[id])] }));
        }

        return bills;
    }

    private async Task<Dictionary<int, MeterRegisters>> MetersAsync(IReadOnlyList<int> devices, BillNeeds needs, CancellationToken cancellationToken)
    {
        List<RolledUpRegister> needed = [RolledUpRegister.Import];
        if (needs.Export) needed.Add(RolledUpRegister.Export);
        if (needs.Reactive) needed.AddRange([RolledUpRegister.ReactiveImport, RolledUpRegister.ReactiveExport]);
        var curves = await registers.CurvesAsync(devices, needed, needs.From, needs.To, needs.Resolution == IntervalLength.Hour, cancellationToken);
        return devices.ToDictionary(
            id => id,
            id => new MeterRegisters(Curve(RolledUpRegister.Import, id)!, Curve(RolledUpRegister.Export, id), Curve(RolledUpRegister.ReactiveImport, id), Curve(RolledUpRegister.ReactiveExport, id)));

        RegisterCurve? Curve(RolledUpRegister register, int device) => curves.GetValueOrDefault(register)?[device];
    }
}
