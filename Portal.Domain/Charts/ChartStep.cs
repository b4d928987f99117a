namespace Portal.Domain.Charts;

/// <summary>How long a stretch of a curve becomes one point.</summary>
public static class ChartStep
{
    private static readonly TimeSpan[] Ladder =
    [
        TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(30),
        TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(30),
        TimeSpan.FromHours(1), TimeSpan.FromHours(2), TimeSpan.FromHours(3), TimeSpan.FromHours(4), TimeSpan.FromHours(6), TimeSpan.FromHours(12),
        TimeSpan.FromDays(1), TimeSpan.FromDays(2), TimeSpan.FromDays(7), TimeSpan.FromDays(28), TimeSpan.FromDays(364),
    ];

    /// <summary>The shortest step by which a range has no more than so many points.</summary>
    /// <param name="least">Never shorter than this.</param>
    public static TimeSpan For(TimeSpan range, int points, TimeSpan least = default)
    {
        var needed = range / points;
        return Array.Find(Ladder, step => step >= needed && step >= least) is var found && found > TimeSpan.Zero ? found : Ladder[^1];
    }
}
