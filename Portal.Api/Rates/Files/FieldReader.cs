using System.Globalization;

namespace Portal.Api.Rates.Files;

/// <summary>Reads the fields of one map of a file. A fault is noted and a harmless value given, so that reading goes on to the next fault.</summary>
/// <param name="path">Of the map; empty for the file as a whole.</param>
internal sealed class FieldReader(FileNode node, string path, FileFaults faults)
{
    private readonly Dictionary<string, FileNode> fields = (node as FileMap)?.Fields ?? [];
    private readonly HashSet<string> known = new(StringComparer.Ordinal);

    public string Path(string name) => path.Length == 0 ? name : $"{path}.{name}";

    /// <summary>True where the node is a map at all; it is a fault where not.</summary>
    public bool IsMap(string expected)
    {
        if (node is not FileMap) faults.Add(node, path.Length == 0 ? "file" : path, expected);
        return node is FileMap;
    }

    /// <summary>Null where the field isn't there, or is null.</summary>
    public FileNode? Optional(string name)
    {
        known.Add(name);
        return fields.GetValueOrDefault(name) is { } field and not FileText { IsNull: true } ? field : null;
    }

    public FileNode? Required(string name)
    {
        if (Optional(name) is { } field) return field;
        if (node is FileMap) faults.Add(fields.GetValueOrDefault(name) ?? node, Path(name), $"'{name}' is missing.");
        return null;
    }

    public string Text(string name) => Required(name) is { } field ? Scalar(field, name) ?? "?" : "?";

    public string? OptionalText(string name) => Optional(name) is { } field ? Scalar(field, name) : null;

    public decimal Number(string name) => Required(name) is { } field ? Decimal(field, Path(name)) ?? 0 : 0;

    public decimal Number(string name, decimal otherwise) => Optional(name) is { } field ? Decimal(field, Path(name)) ?? otherwise : otherwise;

    public decimal? OptionalNumber(string name) => Optional(name) is { } field ? Decimal(field, Path(name)) ?? 0 : null;

    public int Whole(string name, int otherwise) => Optional(name) is { } field ? WholeOf(field, Path(name)) ?? otherwise : otherwise;

    public bool Flag(string name)
    {
        if (Optional(name) is not { } field) return false;
        if (field is FileText { Value: "true" or "false" } text) return text.Value == "true";
        faults.Add(field, Path(name), "Must be true or false.");
        return false;
    }

    public DateOnly Date(string name) => Required(name) is { } field ? DateOf(field, name) : DateOnly.MinValue;

    public DateOnly? OptionalDate(string name) => Optional(name) is { } field ? DateOf(field, name) : null;

    /// <summary>One of some words, which the fault lists.</summary>
    public T Word<T>(string name, IReadOnlyDictionary<string, T> words, T? otherwise = null) where T : struct
    {
        var field = otherwise is null ? Required(name) : Optional(name);
        return field is null ? otherwise ?? default : WordOf(field, Path(name), words);
    }

    public T WordOf<T>(FileNode field, string at, IReadOnlyDictionary<string, T> words) where T : struct
    {
        if (field is FileText text && words.TryGetValue(text.Value, out var value)) return value;
        faults.Add(field, at, $"Must be {string.Join(", ", words.Keys.SkipLast(1))} or {words.Keys.Last()}.");
        return default;
    }

    /// <summary>A list of texts; null where there is none.</summary>
    public IReadOnlyList<string>? Texts(string name) =>
        Optional(name) is null ? null : [.. Items(name, required: false).Select(item => item.Node is FileText text ? text.Value : Complain(item.Node, item.Path))];

    /// <summary>A list of whole numbers.</summary>
    public IReadOnlyList<int> Wholes(string name) => [.. Items(name, required: true).Select(item => WholeOf(item.Node, item.Path) ?? 0)];

    /// <summary>The entries of a list with their paths; none where it isn't there.</summary>
    public IEnumerable<(FileNode Node, string Path)> Items(string name, bool required)
    {
        if ((required ? Required(name) : Optional(name)) is not { } field) return [];
        if (field is FileList list) return list.Items.Select((item, i) => (item, $"{Path(name)}[{i}]"));
        faults.Add(field, Path(name), "Must be a list.");
        return [];
    }

    /// <summary>A map's fields by name.</summary>
    public IEnumerable<KeyValuePair<string, FileNode>> Entries(string name)
    {
        if (Optional(name) is not { } field) return [];
        if (field is FileMap map) return map.Fields;
        faults.Add(field, Path(name), "Must be a map of names to values.");
        return [];
    }

    /// <summary>Says which fields of the map have no meaning: a misspelt one would be left out in silence otherwise.</summary>
    public void End()
    {
        foreach (var (name, field) in fields.Where(field => !known.Contains(field.Key)))
            faults.Add(field, Path(name), $"'{name}' has no meaning here. There are {string.Join(", ", known)}.");
    }

    private string? Scalar(FileNode field, string name) => field is FileText text ? text.Value : Complain(field, Path(name));

    private string Complain(FileNode field, string at)
    {
        faults.Add(field, at, "Must be a text.");
        return "?";
    }

    private decimal? Decimal(FileNode field, string at)
    {
        const NumberStyles style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (field is FileText text && decimal.TryParse(text.Value, style, CultureInfo.InvariantCulture, out var number)) return number;
        faults.Add(field, at, "Must be a number such as 2.0967, with a point and without separators.");
        return null;
    }

    private int? WholeOf(FileNode field, string at)
    {
        if (field is FileText text && int.TryParse(text.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)) return number;
        faults.Add(field, at, "Must be a whole number.");
        return null;
    }

    private DateOnly DateOf(FileNode field, string name)
    {
        if (field is FileText text && DateOnly.TryParseExact(text.Value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            && date.Year is >= 1970 and < 2200) return date;
        faults.Add(field, Path(name), "Must be a day from 1970 to 2199 such as 2025-07-01.");
        return DateOnly.MinValue;
    }
}
