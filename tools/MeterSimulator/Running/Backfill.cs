using MeterSimulator.Fleet;
using MeterSimulator.Loads;
using MeterSimulator.Posts;

namespace MeterSimulator.Running;

/// <summary>The fleet's history as its modules would upload it from their caches: the newest day of every meter, then the day before.</summary>
internal static class Backfill
{
    private const int DaySeconds = 86_400;
    private const int DaysByTheDay = 7;
    private const int MostDaysInAPost = 31; // what a module's cache holds
    private const int MostReadingsInAPost = MostDaysInAPost * 1440; // at the usual pace; some 20 MB

    // Uploads at a time: enough for two cores to make and read them, few enough that a month of a meter each fits into memory.
    private const int AtATime = 4;

    /// <param name="fleet">Whose history.</param>
    /// <param name="from">First true time that is wanted.</param>
    /// <param name="to">True time of the last reading there is.</param>
    /// <param name="options">Interval and order.</param>
    /// <returns>Posts in the order in which they are to be sent.</returns>
    public static List<Post> Plan(FleetPlan fleet, DateTimeOffset from, DateTimeOffset to, RunOptions options)
    {
        var posts = new List<Post>();
        foreach (var (first, last) in Files(from.ToUnixTimeSeconds(), to.ToUnixTimeSeconds()))
        {
            foreach (var logger in fleet.Loggers)
            {
                var step = options.StepSeconds * logger.IntervalMultiple;
                var start = (first + step - 1) / step * step;
                if (start > last) continue;
                var all = new ReadingRange(start, (int)((last - start) / step) + 1, step);
                for (var end = all.Count; end > 0; end -= MostReadingsInAPost)
                {
                    var begin = Math.Max(0, end - MostReadingsInAPost);
                    posts.AddRange(Post.For(logger, all.Slice(begin, end - begin)));
                }
            }
        }

        return Overtaken(posts, options);
    }

    public static Task RunAsync(IEnumerable<Post> posts, Delivery delivery, CancellationToken cancellation) =>
        Parallel.ForEachAsync(
            posts,
            new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = cancellation },
            async (post, token) => await delivery.DeliverAsync(post, token));

    // Newest first: a file a day for the last week, so that screens are alive soon; then as much as a cache holds.
    private static IEnumerable<(long First, long Last)> Files(long from, long to)
    {
        for (var days = 0; to >= from;)
        {
            var length = days < DaysByTheDay ? 1 : MostDaysInAPost;
            var start = Math.Max(from, (to - (to % DaySeconds)) - ((length - 1L) * DaySeconds));
            yield return (start, to);
            to = start - 1;
            days += length;
        }
    }

    private static List<Post> Overtaken(List<Post> posts, RunOptions options)
    {
        if (options.OutOfOrder <= 0) return posts;
        var key = Noise.Key((ulong)options.Fleet.Seed, "backfill order");
        bool IsLate(int index) => Noise.Unit(key, index) < options.OutOfOrder;
        return [.. posts.Where((_, i) => !IsLate(i)), .. posts.Where((_, i) => IsLate(i))];
    }
}
