using Portal.Domain.Measurements;

namespace Portal.TimeSeries.Writing;

/// <summary>Pieces of the writer's SQL. Column names come from <see cref="Quantities"/>, never from a post.</summary>
internal static class TableSql
{
    /// <summary><c>, "A", "B"</c>, each with the alias in front where one is given; empty without columns.</summary>
    public static string List(IEnumerable<Quantity> columns, string alias = "") => string.Concat(columns.Select(q => $", {alias}\"{q.Column}\""));
}

/// <summary>Instants as PostgreSQL keeps them.</summary>
internal static class PgTime
{
    private static readonly long Epoch = new DateTime(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks;

    /// <summary>Microseconds since 2000; finer digits are cut.</summary>
    public static long Microseconds(long utcTicks) => (utcTicks - Epoch) / TimeSpan.TicksPerMicrosecond;

    public static DateTime Instant(long utcTicks) => new(utcTicks, DateTimeKind.Utc);
}
