using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Portal.Domain.Measurements;

/// <summary>Whose measurement a row is and when it was taken.</summary>
/// <param name="Device">Index into <see cref="MeasurementBatch.ExternalIds"/>.</param>
/// <param name="Ticks">
/// Instant in .NET ticks (100 ns since 0001-01-01), a multiple of 10 (PostgreSQL keeps microseconds). UTC, or the site's
/// wall clock when <paramref name="IsLocal"/>.
/// </param>
/// <param name="IsLocal">True where the meter gave a local time without zone; the writer applies the site's zone.</param>
/// <param name="Source">Position of the device-instant in the post, counted from 0: the <c>index</c> of a rejection.</param>
/// <param name="IsRepeated">
/// True where this local time comes for the second time because clocks went back when summer time ended; the first of the two
/// otherwise. A hint: it means nothing at a time that the site's zone has once only.
/// </param>
public readonly record struct RowKey(int Device, long Ticks, bool IsLocal, int Source, bool IsRepeated = false);

/// <summary>
/// Measurements of one or more devices as rows of <see cref="Quantities.Count"/> doubles, absent values NaN.
/// A device-instant occurs once: <see cref="Add"/> answers the existing row for a repeated one, and <see cref="Fill"/> keeps
/// the first value.
/// </summary>
/// <remarks>
/// Bound: the caller's body limit (a row costs about 600 bytes here, see <see cref="Bytes"/>). Not safe for concurrent use. Whoever is
/// done with the values says so by <see cref="ReleaseValues"/>; where nobody does, the garbage collector has more to do and nothing is wrong.
/// </remarks>
public sealed class MeasurementBatch
{
    // Pages of 8 KiB are never copied while the batch grows, and thousands of posts of a single row may wait.
    private const int PageLength = 1024;

    private static readonly int RowsPerPage = PageLength / Quantities.Count;

    // Rows live from being decoded until their commit: garbage of some 200 MB/s that has grown old. Free pages are kept to 32 MiB, ten large batches.
    private static readonly ArrayPool<double> Pages = ArrayPool<double>.Create(PageLength, 4096);

    private readonly List<string> externalIds = [];
    private readonly Dictionary<string, int> devices = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> devicesBySpan;
    private readonly List<long> latest = []; // by device: its newest instant, while each row's is newer than all before of its device
    private readonly List<RowKey> keys = [];
    private readonly List<RowOutcome?> refused = [];
    private readonly List<double[]> pages = [];
    private readonly bool[] occurs = new bool[Quantities.Count];
    private Dictionary<(int Device, long Ticks, bool IsLocal, bool IsRepeated), int>? rows; // made for the first row that isn't, or is local

    public MeasurementBatch() => devicesBySpan = devices.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Number of rows.</summary>
    public int Count => keys.Count;

    /// <summary>Memory that the rows take, in bytes.</summary>
    public long Bytes => (pages.Count * (long)PageLength * sizeof(double)) + (keys.Capacity * (long)Unsafe.SizeOf<RowKey>()) + (refused.Capacity * (long)Unsafe.SizeOf<RowOutcome?>());

    /// <summary>The devices' serials as posted, each once.</summary>
    public IReadOnlyList<string> ExternalIds => externalIds;

    /// <summary>Keys by row.</summary>
    public ReadOnlySpan<RowKey> Keys => CollectionsMarshal.AsSpan(keys);

    /// <summary>The index of a device in <see cref="ExternalIds"/>, added where it is new.</summary>
    public int Device(ReadOnlySpan<char> externalId)
    {
        if (devicesBySpan.TryGetValue(externalId, out var index))
        {
            return index;
        }

        var name = externalId.ToString();
        externalIds.Add(name);
        latest.Add(0);
        devices.Add(name, externalIds.Count - 1);
        return externalIds.Count - 1;
    }

    /// <summary>The row of this device and instant, added with all values absent where it is new (then <paramref name="isNew"/>).</summary>
    public int Add(RowKey key, out bool isNew)
    {
        if (rows is null && !key.IsLocal && key.Ticks > latest[key.Device])
        {
            latest[key.Device] = key.Ticks;
            isNew = true;
            return Append(key);
        }

        rows ??= Index();
        ref var row = ref CollectionsMarshal.GetValueRefOrAddDefault(rows, (key.Device, key.Ticks, key.IsLocal, key.IsRepeated), out var exists);
        isNew = !exists;
        if (exists)
        {
            return row;
        }

        row = Append(key);
        return row;
    }

    /// <summary>
    /// A row that is not to be stored and has no usable time, so that every device-instant of the post has its outcome.
    /// </summary>
    public void AddRefused(int device, int source, RowOutcome reason) => refused[Append(new RowKey(device, 0, false, source))] = reason;

    /// <summary>Marks a row as not to be stored; the first reason stays.</summary>
    public void Refuse(int row, RowOutcome reason) => refused[row] ??= reason;

    /// <summary>Why a row is not to be stored, or null where it is.</summary>
    public RowOutcome? Refused(int row) => refused[row];

    /// <summary>A row's values by <see cref="Quantity.Index"/>; NaN is absent.</summary>
    public Span<double> Values(int row) =>
        pages[row / RowsPerPage].AsSpan(row % RowsPerPage * Quantities.Count, Quantities.Count);

    /// <summary>Sets a value that is still absent; a present one stays (the first wins).</summary>
    public void Fill(int row, Quantity quantity, double value)
    {
        ref var slot = ref Values(row)[quantity.Index];
        if (double.IsNaN(slot))
        {
            slot = value;
            occurs[quantity.Index] = true;
        }
    }

    /// <summary>The same of some of a row's values, given by <see cref="Quantity.Index"/>.</summary>
    public void Fill(int row, ReadOnlySpan<int> which, ReadOnlySpan<double> values)
    {
        var slots = Values(row);
        foreach (var index in which)
        {
            if (double.IsNaN(slots[index]))
            {
                slots[index] = values[index];
                occurs[index] = true;
            }
        }
    }

    /// <summary>Whether any row was given a value of it, refused ones included.</summary>
    public bool Has(Quantity quantity) => occurs[quantity.Index];

    /// <summary>
    /// Gives the values' memory to other batches. From here on there are none: <see cref="Values"/> throws
    /// <see cref="ArgumentOutOfRangeException"/>. Keys and refusals stay.
    /// </summary>
    public void ReleaseValues()
    {
        foreach (var page in pages)
        {
            Pages.Return(page);
        }

        pages.Clear();
    }

    private Dictionary<(int Device, long Ticks, bool IsLocal, bool IsRepeated), int> Index()
    {
        var index = new Dictionary<(int, long, bool, bool), int>(keys.Count);
        for (var row = 0; row < keys.Count; row++)
        {
            if (keys[row].Ticks > 0)
            {
                index.Add((keys[row].Device, keys[row].Ticks, keys[row].IsLocal, keys[row].IsRepeated), row);
            }
        }

        return index;
    }

    private int Append(RowKey key)
    {
        keys.Add(key);
        refused.Add(null);
        if (keys.Count > pages.Count * RowsPerPage)
        {
            pages.Add(Pages.Rent(PageLength));
        }

        Values(keys.Count - 1).Fill(double.NaN);
        return keys.Count - 1;
    }
}
