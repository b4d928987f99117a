using MeterSimulator.Fleet;

namespace MeterSimulator.Posts;

/// <summary>One HTTP post to be: which readings of which meters, in which form. Its bytes follow from it (see <see cref="PostBody"/>).</summary>
internal sealed record Post(DataLogger Logger, PostForm Form, IReadOnlyList<MeterPlan> Meters, ReadingRange Range)
{
    /// <summary>Device-instants in it, which is what the receiver counts.</summary>
    public int Readings => Meters.Count * Range.Count;

    /// <summary>
    /// The posts for readings of a logger: its live form where it can hold them, else as the module's cache is uploaded, in columns
    /// and meter by meter.
    /// </summary>
    public static IEnumerable<Post> For(DataLogger logger, ReadingRange range)
    {
        if (range.Count == 1 || logger.Form is PostForm.C or PostForm.MeterLog) return [new(logger, logger.Form, logger.Meters, range)];
        return logger.Meters.Select(meter => new Post(logger, PostForm.C, [meter], range));
    }

    /// <summary>The same readings in two posts, for a receiver that finds this one too large.</summary>
    public IEnumerable<Post> Halves()
    {
        if (Range.Count > 1)
        {
            var half = Range.Count / 2;
            return [this with { Range = Range.Slice(0, half) }, this with { Range = Range.Slice(half, Range.Count - half) }];
        }

        return Meters.Count > 1 ? Meters.Select(meter => this with { Meters = [meter] }) : [];
    }
}
