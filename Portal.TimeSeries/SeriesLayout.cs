using System.Reflection;
using Portal.Domain.Measurements;

namespace Portal.TimeSeries;

/// <summary>
/// Where a service keeps its measurements, and what is its own about it: one for a customer's stack, one for the fleet. Everything else about
/// writing, partitions and roll-ups is the same.
/// </summary>
/// <param name="Schema">Schema of the table and of all that belongs to it, in lower case. It goes into SQL as it is.</param>
/// <param name="HasCustomers">
/// True where <c>"CustomerId"</c> leads the keys. Devices' keys are unique over all customers all the same.
/// </param>
/// <param name="MaxAhead">How far ahead of its receipt a row's time may be; what is beyond is <see cref="RowOutcome.FutureTime"/>.</param>
/// <param name="Locks">Keys of its advisory locks. Two layouts in one database must not share any.</param>
/// <param name="Scripts">The assembly with the SQL of its own, embedded below <c>TimeSeries/</c>.</param>
public sealed record SeriesLayout(string Schema, bool HasCustomers, TimeSpan MaxAhead, SeriesLocks Locks, Assembly Scripts)
{
    /// <summary>Tables of its own, besides those that every layout has, that a Grafana may read: nothing with keys, tokens, people or their deeds.</summary>
    public IReadOnlyList<string> Readable { get; init; } = [];

    /// <summary>As SQL writes it.</summary>
    public string Table => $"{Schema}.\"PowerMeasurements\"";

    /// <summary>As logs and people write it.</summary>
    public string Name => $"{Schema}.PowerMeasurements";

    /// <summary>Columns of the primary key, quoted.</summary>
    internal string Key => Customer("\"CustomerId\", ") + "\"DeviceId\", \"Time\"";

    /// <summary>Columns that every row has, in the order they are copied in.</summary>
    internal string Columns => $"{Key}, \"ReceivedAt\"";

    /// <summary>A piece of SQL for tables led by the customer; nothing for the others.</summary>
    internal string Customer(string sql) => HasCustomers ? sql : "";
}

/// <summary>Keys of a layout's advisory locks.</summary>
/// <param name="Schema">Whoever migrates the schema; held by the session.</param>
/// <param name="RollUps">Whoever brings roll-ups up to date; held by the session for one pass.</param>
/// <param name="Partitions">Whoever creates a partition; held by the transaction.</param>
public sealed record SeriesLocks(long Schema, long RollUps, long Partitions);
