namespace Portal.Domain.Charts;

/// <summary>
/// Where a curve's line is broken. Loggers of one meter post at different paces, so a row without a value of a column is no gap by
/// itself: a gap is a pause of more than <see cref="Patience"/> times the column's own pace.
/// </summary>
public static class CurveGaps
{
    /// <summary>A pause of so many times the usual distance of two values is a gap: one value may come late or get lost.</summary>
    public const double Patience = 2.5;

    /// <summary>Stands where nothing is known: the line is broken here.</summary>
    public const double Gap = double.NaN;

    /// <summary>Stands where a row has no value of this column, and the line goes on over it.</summary>
    public const double GoesOn = double.PositiveInfinity;

    /// <summary>Fills what is absent with <see cref="Gap"/> or <see cref="GoesOn"/>, and adds a row where a gap lies between two neighbouring rows.</summary>
    /// <param name="times">Ascending, seconds.</param>
    /// <param name="columns">As long as <paramref name="times"/>; null where absent.</param>
    /// <param name="step">Distance of two points that are as near as they can be, seconds; 0 for rows as they were measured.</param>
    public static (double[] Times, double[][] Columns) Mark(IReadOnlyList<double> times, IReadOnlyList<IReadOnlyList<double?>> columns, double step)
    {
        var gaps = columns.Select(column => GapsAfter(times, column, step)).ToArray();
        var broken = Enumerable.Range(0, Math.Max(times.Count - 1, 0))
            .Where(row => Enumerable.Range(0, columns.Count).Any(c => gaps[c][row] && columns[c][row] is not null && columns[c][row + 1] is not null))
            .ToHashSet();

        var marked = new List<double>(times.Count + broken.Count);
        var values = columns.Select(_ => new List<double>(times.Count + broken.Count)).ToArray();
        for (var row = 0; row < times.Count; row++)
        {
            marked.Add(times[row]);
            for (var c = 0; c < columns.Count; c++)
                values[c].Add(columns[c][row] ?? (gaps[c][row] ? Gap : GoesOn));
            if (!broken.Contains(row)) continue;
            marked.Add((times[row] + times[row + 1]) / 2);
            for (var c = 0; c < columns.Count; c++) values[c].Add(gaps[c][row] ? Gap : GoesOn);
        }

        return ([.. marked], [.. values.Select(column => column.ToArray())]);
    }

    // For each row: whether a gap lies between it and the next one. Before the first value and after the last there is nothing either.
    private static bool[] GapsAfter(IReadOnlyList<double> times, IReadOnlyList<double?> column, double step)
    {
        var known = Enumerable.Range(0, times.Count).Where(row => column[row] is not null).ToArray();
        var gaps = new bool[times.Count];
        Array.Fill(gaps, true);
        if (known.Length < 2) return gaps;

        var distances = known.Zip(known.Skip(1), (a, b) => times[b] - times[a]).Order().ToArray();
        var limit = Patience * Math.Max(step, distances[distances.Length / 2]);
        foreach (var (a, b) in known.Zip(known.Skip(1)))
            if (times[b] - times[a] <= limit) Array.Fill(gaps, false, a, b - a);
        return gaps;
    }
}
