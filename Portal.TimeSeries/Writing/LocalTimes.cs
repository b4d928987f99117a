using Portal.Domain.Measurements;

namespace Portal.TimeSeries.Writing;

/// <summary>
/// Gives the local times of one device in one post their instants, by the clock of its site. Never throws: a meter's clock knows nothing
/// of the zone's rules.
/// </summary>
/// <remarks>
/// When summer time starts an hour is missing: a time in it is read with the offset before the change, so 02:30 becomes what the clock shows
/// as 03:30. When it ends an hour comes twice: the first one is meant, unless the row says otherwise
/// (<see cref="RowKey.IsRepeated"/>) or the post's rows before it have already passed that one.
/// </remarks>
internal sealed class LocalTimes(TimeZoneInfo zone)
{
    private long latest = long.MinValue;
    private HashSet<long>? seen;

    /// <summary>The rows' instants as UTC ticks, in the order of <paramref name="keys"/>, which is the order of the post.</summary>
    public static long[] Resolve(TimeZoneInfo zone, ReadOnlySpan<RowKey> keys)
    {
        var instants = new long[keys.Length];
        var times = new LocalTimes(zone);

        // A log may be written newest first. Then its end is where its clock started.
        var isNewestFirst = keys.Length > 1 && keys[^1].Ticks < keys[0].Ticks;
        for (var i = 0; i < keys.Length && isNewestFirst; i++)
        {
            times.See(keys[i]);
        }

        for (var i = 0; i < keys.Length; i++)
        {
            var row = isNewestFirst ? keys.Length - 1 - i : i;
            instants[row] = times.Next(keys[row]);
        }

        return instants;
    }

    // Whoever read the post calls a time "repeated" when it comes again further down. Newest first that is the wrong one of the two.
    private void See(RowKey key)
    {
        if (!key.IsRepeated)
        {
            (seen ??= []).Add(key.Ticks);
        }
    }

    private long Next(RowKey key)
    {
        var (first, second) = Candidates(key.Ticks);
        var isSecond = (key.IsRepeated && seen?.Contains(key.Ticks) != true) || (first < latest && latest <= second);
        var instant = isSecond ? second : first;
        latest = Math.Max(latest, instant);
        return instant;
    }

    /// <summary>The two instants at which the clock shows this time; equal where it does so once, or never.</summary>
    private (long First, long Second) Candidates(long local)
    {
        // No zone changes its offset twice within two days, and none is further than 14 hours from UTC.
        var before = Offset(local - TimeSpan.TicksPerDay);
        var after = Offset(local + TimeSpan.TicksPerDay);
        var early = local - before;
        var late = local - after;
        return (Offset(early) == before, Offset(late) == after) switch
        {
            (true, true) => (early, late),
            (false, true) => (late, late),
            _ => (early, early),
        };
    }

    private long Offset(long utc) =>
        zone.GetUtcOffset(new DateTime(Math.Clamp(utc, DateTime.MinValue.Ticks, DateTime.MaxValue.Ticks), DateTimeKind.Utc)).Ticks;
}
