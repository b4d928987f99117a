using MeterSimulator.Fleet;

namespace MeterSimulator.Running;

/// <summary>In which order a module uploads what gathered while it was cut off.</summary>
internal enum ReplayOrder
{
    NewestFirst,
    OldestFirst,
}

/// <summary>How a fleet is run: see the README for what each means to the portal.</summary>
internal sealed record RunOptions
{
    public FleetOptions Fleet { get; init; } = new();

    /// <summary>How far back the backfill goes; none if zero.</summary>
    public TimeSpan History { get; init; }

    /// <summary>Between two readings of a meter; whole seconds, at least one.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long the fleet is cut off, soon after it went live; not at all if zero.</summary>
    public TimeSpan Outage { get; init; }

    public ReplayOrder Replay { get; init; } = ReplayOrder.NewestFirst;

    /// <summary>Share of posts, 0 to 1, that are sent once more after they were acknowledged.</summary>
    public double Duplicates { get; init; }

    /// <summary>Share of posts, 0 to 1, that are overtaken by later ones.</summary>
    public double OutOfOrder { get; init; }

    /// <summary>Above 1: the history is not backfilled but lived through at this many times the pace of the clock.</summary>
    public double Speed { get; init; } = 1;

    /// <summary>History and one reading of each meter, then end.</summary>
    public bool Once { get; init; }

    public int StepSeconds => (int)Interval.TotalSeconds;
}
