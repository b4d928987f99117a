namespace Portal.Domain.Tariffs;

/// <summary>Stretches of time in one band each, without a hole: run i goes from edge i to edge i + 1.</summary>
internal sealed class BandRuns
{
    private readonly List<long> edges = [];
    private readonly List<int> bands = [];
    private readonly List<bool> marks = [];

    /// <summary>UTC ticks, ascending, one more than there are runs.</summary>
    public IReadOnlyList<long> Edges => edges;

    public int Count => bands.Count;

    public int Band(int run) => bands[run];

    /// <summary>True where a run begins on a mark of the grid, false where it begins within an interval of it.</summary>
    public bool OnMark(int run) => marks[run];

    public TimeSpan Length(int run) => TimeSpan.FromTicks(edges[run + 1] - edges[run]);

    /// <summary>
    /// The runs of <c>[from, to)</c>; at local midnight a new one begins, so that each lies within a day.
    /// </summary>
    /// <param name="grid">Half-hours, to cut the runs further; null: none.</param>
    public static BandRuns Of(IEnumerable<LocalDay> days, BandTable table, TimeZoneInfo zone, long from, long to, long? grid = null)
    {
        var runs = new BandRuns();
        var pieces = new List<DayPiece>(2);
        foreach (var day in days)
        {
            var plan = table.Day(day.Date);
            day.Pieces(zone, pieces);
            foreach (var piece in pieces)
            {
                runs.Add(piece, plan, from, to, grid);
            }
        }

        return runs;
    }

    /// <summary>One run, whatever its band.</summary>
    public static BandRuns One(long from, long to)
    {
        var runs = new BandRuns();
        runs.Add(from, to, band: 0, isMark: false);
        return runs;
    }

    private void Add(in DayPiece piece, DayRun[] plan, long from, long to, long? grid)
    {
        // What the clock showed before the piece began; a clock put back over midnight shows the end of a day first.
        var midnight = piece.Start - (piece.TimeOfDay < 0 ? piece.TimeOfDay + TimeSpan.TicksPerDay : piece.TimeOfDay);
        for (; midnight < piece.End; midnight += TimeSpan.TicksPerDay)
        {
            foreach (var run in plan)
            {
                var start = Math.Max(midnight + run.From * TimeSpan.TicksPerMinute, piece.Start);
                var end = Math.Min(midnight + run.To * TimeSpan.TicksPerMinute, piece.End);
                if (grid is not { } step)
                {
                    Add(Math.Max(start, from), Math.Min(end, to), run.Band, isMark: false);
                    continue;
                }

                // The next mark of the grid on the local clock.
                for (var mark = start + (step - (start - midnight) % step); start < end; start = Math.Min(mark, end), mark += step)
                {
                    var isMark = start >= from && start + step == mark;
                    Add(Math.Max(start, from), Math.Min(Math.Min(mark, end), to), run.Band, isMark);
                }
            }
        }
    }

    private void Add(long from, long to, int band, bool isMark)
    {
        if (to <= from)
        {
            return;
        }

        if (edges.Count == 0)
        {
            edges.Add(from);
        }

        edges.Add(to);
        bands.Add(band);
        marks.Add(isMark);
    }
}
