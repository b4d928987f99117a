using System.Text.RegularExpressions;
using Portal.Contracts.Rates;
using Portal.Domain.Tariffs;

namespace Portal.Api.Rates.Files;

/// <summary>All that is wrong with a file, each with its line. What can't be read comes first, and silences what would only follow from it.</summary>
internal sealed partial class FileFaults
{
    private readonly List<RateFileFault> faults = [];

    public bool Any => faults.Count > 0;

    /// <summary>In the order of the file.</summary>
    public IReadOnlyList<RateFileFault> All => [.. faults.Distinct().OrderBy(fault => fault.Line)];

    public void AddAt(int line, string path, string message) => faults.Add(new RateFileFault(line, path, message));

    public void Add(FileNode node, string path, string message) => AddAt(node.Line, path, message);

    /// <summary>Adds what the domain's checks found. Paths are those of the file.</summary>
    public void AddAll(TariffFaults found, FileNode root)
    {
        var unread = faults.Select(fault => fault.Path).ToList();
        foreach (var fault in found.All.Where(fault => !unread.Exists(path => IsWithin(path, fault.Path) || IsWithin(fault.Path, path))))
            AddAt(LineOf(root, fault.Path), fault.Path, fault.Message);
    }

    /// <summary>Line of a path such as <c>versions[0].components[2].price</c>, or of the nearest place above it that the file has.</summary>
    public static int LineOf(FileNode root, string path)
    {
        var node = root;
        foreach (Match step in Step().Matches(path))
        {
            var next = node switch
            {
                FileMap map => map.Fields.GetValueOrDefault(step.Groups["name"].Value),
                FileList list when int.TryParse(step.Groups["index"].Value, out var index) && index < list.Items.Count => list.Items[index],
                _ => null,
            };
            if (next is null) break;
            node = next;
        }

        return node.Line;
    }

    private static bool IsWithin(string outer, string inner) =>
        inner.StartsWith(outer, StringComparison.Ordinal) && (inner.Length == outer.Length || inner[outer.Length] is '.' or '[');

    [GeneratedRegex(@"\[(?<index>\d+)\]|(?<name>[^.\[\]]+)")]
    private static partial Regex Step();
}
