using Portal.Domain.Tariffs;

namespace Portal.Api.Rates.Files;

/// <summary>Reads components by their kind.</summary>
/// <example><c>{kind: levy, name: Network demand, price: 0.2970, bands: [peak, standard]}</c></example>
internal static class ComponentFileReader
{
    private static readonly Dictionary<string, DemandUnit> DemandUnits = Words<DemandUnit>();

    private static readonly Dictionary<string, FixedBasis> FixedBases = Words<FixedBasis>();

    private static readonly Dictionary<string, ReactiveAssessment> Assessments = Words<ReactiveAssessment>();

    private static readonly Dictionary<string, Func<FieldReader, string, FileFaults, TariffComponent>> Kinds = new(StringComparer.Ordinal)
    {
        ["energy"] = (fields, name, faults) => new EnergyCharge(name, Rates(fields, faults)),
        ["blocks"] = (fields, name, faults) => new BlockCharge(
            name, [.. fields.Items("blocks", required: true).Select(block => Block(block.Node, block.Path, faults))],
            fields.Number("free", 0), fields.Flag("normalised"), fields.Texts("seasons")),
        ["levy"] = (fields, name, _) => new Levy(name, fields.Number("price"), Scope(fields)),
        ["surcharge"] = (fields, name, _) => new Surcharge(name, fields.Number("percent"), fields.Texts("of")),
        ["demand"] = (fields, name, _) => new DemandCharge(name, fields.Word("unit", DemandUnits), fields.Number("price"), fields.Number("minimum", 0), Scope(fields)),
        ["capacity"] = (fields, name, _) => new CapacityCharge(
            name, fields.Word("unit", DemandUnits), fields.Number("price"), fields.Whole("months", 12), fields.Number("ratchetPercent", 100)),
        ["fixed"] = (fields, name, _) => new FixedCharge(name, fields.Word("per", FixedBases), fields.Number("price")),
        ["reactive"] = (fields, name, _) => new ReactiveCharge(
            name, fields.Number("price"), fields.Number("freePercent", 0), fields.Word("assessment", Assessments, ReactiveAssessment.Month), Scope(fields)),
        ["export"] = (fields, name, faults) => new ExportCredit(name, Rates(fields, faults), fields.Flag("capped")),
        ["minimum"] = (fields, name, _) => new MinimumCharge(name, fields.Number("price")),
    };

    public static TariffComponent Component(FileNode node, string path, FileFaults faults)
    {
        var fields = new FieldReader(node, path, faults);
        if (!fields.IsMap("Must be a component with kind and name.")) return Unread("?");
        var kind = fields.Text("kind");
        var name = fields.Text("name");
        if (!Kinds.TryGetValue(kind, out var read))
        {
            if (kind != "?") faults.Add(fields.Required("kind")!, $"{path}.kind", $"There is no kind '{kind}'. There are {string.Join(", ", Kinds.Keys)}.");
            return Unread(name);
        }

        var component = read(fields, name, faults);
        fields.End();
        return component;
    }

    // Holds the place of what can't be read.
    private static FixedCharge Unread(string name) => new(name, FixedBasis.Day, 0);

    // One price for all of it, or prices by season and band.
    private static IReadOnlyList<EnergyRate> Rates(FieldReader fields, FileFaults faults)
    {
        if (fields.Optional("price") is not null && fields.Optional("rates") is null) return [new EnergyRate(null, null, fields.Number("price"))];
        if (fields.Optional("price") is { } both) faults.Add(both, fields.Path("price"), "Give either one price or rates by season and band.");
        return [.. fields.Items("rates", required: true).Select(rate => Rate(rate.Node, rate.Path, faults))];
    }

    private static EnergyRate Rate(FileNode node, string path, FileFaults faults)
    {
        var rate = new FieldReader(node, path, faults);
        rate.IsMap("Must be a rate with price, and season or band.");
        var read = new EnergyRate(rate.OptionalText("season"), rate.OptionalText("band"), rate.Number("price"));
        rate.End();
        return read;
    }

    private static EnergyBlock Block(FileNode node, string path, FileFaults faults)
    {
        var block = new FieldReader(node, path, faults);
        block.IsMap("Must be a block with price, and upTo except for the last one.");
        var read = new EnergyBlock(block.OptionalNumber("upTo"), block.Number("price"));
        block.End();
        return read;
    }

    private static BandScope Scope(FieldReader fields) => new(fields.Texts("seasons"), fields.Texts("bands"));

    private static Dictionary<string, T> Words<T>() where T : struct, Enum =>
        Enum.GetValues<T>().ToDictionary(value => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(value.ToString()), StringComparer.Ordinal);
}
