using System.Runtime.InteropServices;
using Portal.Domain.Measurements;
using Portal.TimeSeries.Writing;

namespace Portal.TimeSeries;

/// <summary>
/// The rows of some posts with devices and instants resolved, sorted, one for each device-instant, and what became of them.
/// Bound: what its posts hold, and 24 bytes a row.
/// </summary>
public sealed class WriteSet
{
    private readonly IReadOnlyList<ReceivedPost> posts;
    private readonly RowOutcome[][] outcomes;
    private readonly int[] conflicts;
    private readonly List<(WriteRow Later, int First, bool Adds)> merged = [];
    private long keptFrom;
    private WriteRow[] rows = [];
    private Dictionary<(int Post, int Row), double[]>? mergedValues;

    private WriteSet(SeriesLayout layout, IReadOnlyList<ReceivedPost> posts, bool replaces)
    {
        Layout = layout;
        Replaces = replaces;
        this.posts = posts;
        outcomes = new RowOutcome[posts.Count][];
        conflicts = new int[posts.Count];
    }

    /// <summary>Where to.</summary>
    public SeriesLayout Layout { get; }

    /// <summary>
    /// True: stored values that differ give way to these, so that afterwards a row holds every value that was posted of it. What was not posted
    /// stays. False: stored values stay, and only what is null is filled.
    /// </summary>
    public bool Replaces { get; }

    /// <summary>What it was made of.</summary>
    public IReadOnlyList<ReceivedPost> Posts => posts;

    /// <summary>What is to be written, sorted.</summary>
    public ReadOnlySpan<WriteRow> Rows => rows;

    /// <summary>The quantities that occur in any row of the posts, by <see cref="Quantity.Index"/>; it may be in rows only that are not to be written.</summary>
    public IReadOnlyList<Quantity> Columns { get; private set; } = [];

    /// <summary>Rows of serials that no device has, in the order of their posts.</summary>
    public List<(ReceivedPost Post, int Row)> Unknown { get; } = [];

    public int Count => rows.Length;

    /// <param name="layout">Where to.</param>
    /// <param name="posts">Where two have the same device-instant they are merged, the first wins.</param>
    /// <param name="devices">The devices of all serials that have one.</param>
    /// <param name="replaces">See <see cref="Replaces"/>.</param>
    /// <param name="keptFrom">Rows before it are <see cref="RowOutcome.Expired"/>; null: none are.</param>
    /// <exception cref="TimeZoneNotFoundException">A site's zone is none of this machine's; its local times can't be read.</exception>
    public static WriteSet Create(
        SeriesLayout layout,
        IReadOnlyList<ReceivedPost> posts,
        IReadOnlyDictionary<PostedSerial, DeviceSite> devices,
        bool replaces = false,
        DateTimeOffset? keptFrom = null
    )
    {
        var set = new WriteSet(layout, posts, replaces) { keptFrom = keptFrom?.UtcTicks ?? long.MinValue };
        var found = new List<WriteRow>(posts.Sum(post => post.Batch.Count));
        for (var post = 0; post < posts.Count; post++)
        {
            set.Resolve(post, devices, found);
        }

        set.Merge(found);
        set.Columns = [.. Quantities.All.Where(quantity => posts.Any(post => post.Batch.Has(quantity)))];
        return set;
    }

    /// <summary>The serials of all rows that nothing was wrong with, each once.</summary>
    public static IReadOnlyCollection<PostedSerial> Serials(IReadOnlyList<ReceivedPost> posts)
    {
        var serials = new HashSet<PostedSerial>();
        foreach (var post in posts)
        {
            var known = new bool[post.Batch.ExternalIds.Count];
            for (var row = 0; row < post.Batch.Count; row++)
            {
                var device = post.Batch.Keys[row].Device;
                if (!known[device] && post.Batch.Refused(row) is null)
                {
                    known[device] = true;
                    serials.Add(new PostedSerial(post.Batch.ExternalIds[device], post.CustomerId));
                }
            }
        }

        return serials;
    }

    /// <summary>By <see cref="Quantity.Index"/>; NaN is absent.</summary>
    public ReadOnlySpan<double> Values(in WriteRow row) =>
        mergedValues is not null && mergedValues.TryGetValue((row.Post, row.Row), out var values) ? values : posts[row.Post].Batch.Values(row.Row);

    public DateTimeOffset ReceivedAt(in WriteRow row) => posts[row.Post].ReceivedAt;

    /// <summary>The row was inserted or changed.</summary>
    internal void Accept(int row) => outcomes[rows[row].Post][rows[row].Row] = RowOutcome.Accepted;

    /// <summary>Whether the row was inserted or changed.</summary>
    public bool IsAccepted(int row) => outcomes[rows[row].Post][rows[row].Row] == RowOutcome.Accepted;

    /// <summary>The row met a stored value that differs.</summary>
    internal void Conflict(int row) => conflicts[rows[row].Post]++;

    /// <summary>By post. Complete once the set is written.</summary>
    public WriteResult[] Results()
    {
        foreach (var (later, first, adds) in merged)
        {
            outcomes[later.Post][later.Row] = adds && IsAccepted(first) ? RowOutcome.Accepted : RowOutcome.Duplicate;
        }

        return outcomes.Select((outcome, post) => new WriteResult(outcome, conflicts[post])).ToArray();
    }

    private void Resolve(int post, IReadOnlyDictionary<PostedSerial, DeviceSite> devices, List<WriteRow> found)
    {
        var batch = posts[post].Batch;
        var result = outcomes[post] = new RowOutcome[batch.Count];
        var customer = posts[post].CustomerId;
        var sites = batch
            .ExternalIds.Select(id => devices.TryGetValue(new PostedSerial(id, customer), out var site) ? site : (DeviceSite?)null)
            .ToArray();
        var local = new SortedDictionary<int, List<int>>();
        for (var row = 0; row < batch.Count; row++)
        {
            var key = batch.Keys[row];
            if (batch.Refused(row) is { } reason)
            {
                result[row] = reason;
            }
            else if (sites[key.Device] is not { } site)
            {
                result[row] = RowOutcome.UnknownDevice;
                Unknown.Add((posts[post], row));
            }
            else if (!key.IsLocal)
            {
                Add(new WriteRow(site.Key, WholeMicroseconds(key.Ticks), post, row), found);
            }
            else if (local.TryGetValue(key.Device, out var rowsOfDevice))
            {
                rowsOfDevice.Add(row);
            }
            else
            {
                local.Add(key.Device, [row]);
            }
        }

        foreach (var (device, localRows) in local)
        {
            var site = sites[device]!.Value;
            var instants = LocalTimes.Resolve(
                TimeZoneInfo.FindSystemTimeZoneById(site.TimeZone),
                localRows.Select(row => batch.Keys[row]).ToArray()
            );
            for (var i = 0; i < instants.Length; i++)
            {
                Add(new WriteRow(site.Key, WholeMicroseconds(instants[i]), post, localRows[i]), found);
            }
        }
    }

    // Only here, since a local time has its instant only now.
    private void Add(in WriteRow row, List<WriteRow> found)
    {
        var isAhead = row.Ticks > (posts[row.Post].ReceivedAt + Layout.MaxAhead).UtcTicks;
        outcomes[row.Post][row.Row] = isAhead ? RowOutcome.FutureTime : RowOutcome.Duplicate;
        if (row.Ticks < MeterClock.Floor.UtcTicks)
        {
            outcomes[row.Post][row.Row] = RowOutcome.InvalidTime;
        }
        else if (row.Ticks < keptFrom)
        {
            outcomes[row.Post][row.Row] = RowOutcome.Expired;
        }
        else if (!isAhead)
        {
            found.Add(row);
        }
    }

    // What the table keeps, so that a row is found again under the time it was written with.
    private static long WholeMicroseconds(long ticks) => ticks - (ticks % TimeSpan.TicksPerMicrosecond);

    private void Merge(List<WriteRow> found)
    {
        var sorted = CollectionsMarshal.AsSpan(found);
        if (!IsSorted(sorted))
        {
            sorted.Sort(static (left, right) => left.CompareTo(right));
        }

        var unique = 0;
        foreach (var row in sorted)
        {
            if (unique == 0 || !sorted[unique - 1].IsSameInstant(row))
            {
                sorted[unique++] = row;
                continue;
            }

            var (adds, differs) = Merge(sorted[unique - 1], Values(row));
            merged.Add((row, unique - 1, adds));
            conflicts[row.Post] += differs ? 1 : 0;
        }

        rows = sorted[..unique].ToArray();
    }

    // As the rows of a post of one day mostly are.
    private static bool IsSorted(ReadOnlySpan<WriteRow> found)
    {
        for (var i = 1; i < found.Length; i++)
        {
            if (found[i - 1].CompareTo(found[i]) > 0)
            {
                return false;
            }
        }

        return true;
    }

    // The post stays as it is: the write may have to be repeated.
    private (bool Adds, bool Differs) Merge(in WriteRow row, ReadOnlySpan<double> later)
    {
        var first = Values(row).ToArray();
        (mergedValues ??= [])[(row.Post, row.Row)] = first;
        var (adds, differs) = (false, false);
        foreach (var quantity in Quantities.All)
        {
            ref var value = ref first[quantity.Index];
            var other = later[quantity.Index];
            if (double.IsNaN(value))
            {
                adds |= !double.IsNaN(other);
                value = other;
            }
            else
            {
                differs |= !double.IsNaN(other) && !StoredValues.AreEqual(quantity.Kind, value, other);
            }
        }

        return (adds, differs);
    }
}
