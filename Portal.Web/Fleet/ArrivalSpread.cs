using Portal.Contracts.Fleet;
using Portal.Web.States;

namespace Portal.Web.Fleet;

/// <summary>
/// When rows were measured against when they arrived, ready to be drawn: a live batch lies on the line on which both are the same, a replay
/// wave hangs far below it. Positions are in percent of the drawing, from its upper left corner.
/// </summary>
public sealed class ArrivalSpread
{
    /// <summary>Rows that were underway for longer come out of some cache.</summary>
    public static readonly TimeSpan ReplayFrom = Freshness.LateBelow;

    // A single push needs some width to stand in.
    private static readonly TimeSpan Narrowest = TimeSpan.FromMinutes(1);

    private readonly IngestEventView[] drawn;

    public ArrivalSpread(IReadOnlyList<IngestEventView> events)
    {
        drawn = [.. events.Where(push => push is { MinTime: not null, MaxTime: not null }).OrderBy(push => push.ReceivedAt)];
        if (drawn.Length == 0) return;
        (From, To) = (drawn[0].ReceivedAt, drawn[^1].ReceivedAt);
        if (To - From < Narrowest) From = To - Narrowest;
        Oldest = Earlier(From, drawn.Min(push => push.MinTime!.Value));
        Newest = Later(To, drawn.Max(push => push.MaxTime!.Value));
        Marks = [.. drawn.Select(push => new ArrivalMark(push, Across(push.ReceivedAt), Down(push.MaxTime!.Value), Down(push.MinTime!.Value), IsReplay(push)))];
    }

    /// <summary>First arrival that is drawn, at the left.</summary>
    public DateTimeOffset From { get; }

    /// <summary>Last arrival, at the right.</summary>
    public DateTimeOffset To { get; }

    /// <summary>Oldest time of a measurement, at the bottom.</summary>
    public DateTimeOffset Oldest { get; }

    /// <summary>At the top.</summary>
    public DateTimeOffset Newest { get; }

    /// <summary>One per batch that had rows, oldest arrival first.</summary>
    public IReadOnlyList<ArrivalMark> Marks { get; } = [];

    /// <summary>Batches whose oldest row was underway for <see cref="ReplayFrom"/> or longer.</summary>
    public IReadOnlyList<IngestEventView> Replays => [.. drawn.Where(IsReplay)];

    /// <summary>The longest that a row was underway.</summary>
    public TimeSpan LongestUnderway => drawn.Max(push => push.ReceivedAt - push.MinTime!.Value);

    public static bool IsReplay(IngestEventView push) => push.MinTime is { } oldest && push.ReceivedAt - oldest >= ReplayFrom;

    /// <summary>Where an arrival stands, 0 to 100 from the left.</summary>
    public double Across(DateTimeOffset arrival) => Percent((arrival - From) / (To - From));

    /// <summary>Where a measurement stands, 0 to 100 from the top.</summary>
    public double Down(DateTimeOffset measured) => Percent((Newest - measured) / (Newest - Oldest));

    private static double Percent(double share) => Math.Round(100 * share, 2);

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}

/// <summary>A batch: a stroke at its arrival from its newest row down to its oldest.</summary>
public readonly record struct ArrivalMark(IngestEventView Push, double Across, double Top, double Bottom, bool IsReplay);
