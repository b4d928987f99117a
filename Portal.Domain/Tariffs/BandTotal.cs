namespace Portal.Domain.Tariffs;

/// <summary>Energy of one or several bands in a part of a bill.</summary>
internal struct BandTotal
{
    public long Micro { get; private set; }

    public long EstimatedMicro { get; private set; }

    public long MissingTicks { get; private set; }

    /// <summary>Time in the bands.</summary>
    public long Ticks { get; private set; }

    public bool IsEstimated { get; private set; }

    /// <summary>True where something is known, or there was no time to know anything of.</summary>
    public readonly bool IsKnown => Ticks == 0 || MissingTicks < Ticks;

    /// <summary>The smaller of two energies in one band; what is estimated or missing of either is so of it.</summary>
    public static BandTotal Smaller(in BandTotal one, in BandTotal other)
    {
        var micro = Math.Min(one.Micro, other.Micro);
        return new BandTotal
        {
            Micro = micro,
            EstimatedMicro = Math.Min(micro, Math.Max(one.EstimatedMicro, other.EstimatedMicro)),
            MissingTicks = Math.Max(one.MissingTicks, other.MissingTicks),
            Ticks = one.Ticks,
            IsEstimated = one.IsEstimated || other.IsEstimated,
        };
    }

    public void Add(in RunEnergy energy, TimeSpan length)
    {
        Micro += energy.Micro;
        EstimatedMicro += energy.IsEstimated ? energy.Micro : 0;
        MissingTicks += energy.MissingTicks;
        Ticks += length.Ticks;
        IsEstimated |= energy.IsEstimated;
    }

    public void Add(in BandTotal other)
    {
        Micro += other.Micro;
        EstimatedMicro += other.EstimatedMicro;
        MissingTicks += other.MissingTicks;
        Ticks += other.Ticks;
        IsEstimated |= other.IsEstimated;
    }
}
