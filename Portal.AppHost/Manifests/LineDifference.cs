namespace Portal.AppHost.Manifests;

/// <summary>What differs between two texts, for a person: lines that go with <c>-</c>, lines that come with <c>+</c>, and three around them.</summary>
internal static class LineDifference
{
    private const int Around = 3;

    // A comparison of two files takes a table of their lines; beyond this it is not worth it, and a dashboard's thousand lines are nobody's reading.
    private const int MostLines = 3000;

    public static IEnumerable<string> Of(string name, string before, string after)
    {
        string[] old = Lines(before), now = Lines(after);
        if (old.Length > MostLines || now.Length > MostLines) return [$"~ {name}: {old.Length} lines become {now.Length}"];
        return Hunks(name, [.. Compare(old, now)]);
    }

    private static IEnumerable<string> Hunks(string name, IReadOnlyList<(char Mark, string Line)> lines)
    {
        yield return $"~ {name}";
        var shown = lines.Select((line, at) => Enumerable.Range(at - Around, 2 * Around + 1).Any(near => near >= 0 && near < lines.Count && lines[near].Mark != ' ')).ToArray();
        for (var at = 0; at < lines.Count; at++)
        {
            if (!shown[at]) continue;
            if (at > 0 && !shown[at - 1]) yield return "  …";
            yield return $"  {lines[at].Mark} {lines[at].Line}";
        }
    }

    // The longest common subsequence, by the table of its lengths from each pair of lines to the ends.
    private static IEnumerable<(char Mark, string Line)> Compare(string[] old, string[] now)
    {
        var common = new int[old.Length + 1, now.Length + 1];
        for (var i = old.Length - 1; i >= 0; i--)
            for (var j = now.Length - 1; j >= 0; j--)
                common[i, j] = old[i] == now[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);

        var (from, to) = (0, 0);
        while (from < old.Length || to < now.Length)
        {
            if (from < old.Length && to < now.Length && old[from] == now[to])
            {
                yield return (' ', old[from++]);
                to++;
            }
            else if (from < old.Length && (to == now.Length || common[from + 1, to] >= common[from, to + 1]))
            {
                yield return ('-', old[from++]);
            }
            else
            {
                yield return ('+', now[to++]);
            }
        }
    }

    private static string[] Lines(string text) => text.TrimEnd('\n').Split('\n');
}
