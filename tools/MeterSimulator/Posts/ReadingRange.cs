namespace MeterSimulator.Posts;

/// <summary>Readings at an even pace, in true time.</summary>
/// <param name="First">Seconds since 1970-01-01T00:00Z.</param>
/// <param name="Count">At least 1.</param>
/// <param name="Step">Seconds between two readings, at least 1.</param>
internal readonly record struct ReadingRange(long First, int Count, int Step)
{
    public long Last => First + ((long)(Count - 1) * Step);

    public long At(int index) => First + ((long)index * Step);

    public ReadingRange Slice(int start, int count) => new(At(start), count, Step);
}
