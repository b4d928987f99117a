using System.Globalization;

namespace Portal.Web.Rates;

/// <summary>A calendar month on a site's clock, as pages about costs have it in their address: <c>2025-07</c>.</summary>
public readonly record struct BillMonth(DateOnly First)
{
    /// <param name="text">From the address; anything else than a month is the one that it is now.</param>
    public static BillMonth Read(string? text, DateTimeOffset now, TimeZoneInfo zone) =>
        DateOnly.TryParseExact(text, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out var first) && first.Year is > 1970 and < 2199
            ? new BillMonth(first)
            : Of(DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime));

    public static BillMonth Of(DateOnly day) => new(new DateOnly(day.Year, day.Month, 1));

    public BillMonth Next => new(First.AddMonths(1));

    public BillMonth Before => new(First.AddMonths(-1));

    /// <summary>In the address.</summary>
    public string Name => First.ToString("yyyy-MM", CultureInfo.InvariantCulture);

    /// <summary><c>July 2025</c>.</summary>
    public string Title => First.ToString("MMMM yyyy", CultureInfo.InvariantCulture);

    /// <summary>A bill's query: the month, or what has passed of it to the last quarter of an hour.</summary>
    public string Query(string siteId, DateTimeOffset now, TimeZoneInfo zone) => Query(First, siteId, now, zone);

    /// <summary>The same of twelve months, of which this is the last.</summary>
    public string YearQuery(string siteId, DateTimeOffset now, TimeZoneInfo zone) => Query(First.AddMonths(-11), siteId, now, zone);

    private string Query(DateOnly from, string siteId, DateTimeOffset now, TimeZoneInfo zone)
    {
        var local = TimeZoneInfo.ConvertTime(now, zone).DateTime;
        var to = Next.First.ToDateTime(TimeOnly.MinValue);
        var quarter = local.Date.AddMinutes((int)local.TimeOfDay.TotalMinutes / 15 * 15);
        if (quarter > First.ToDateTime(TimeOnly.MinValue) && quarter < to) to = quarter;
        return string.Create(CultureInfo.InvariantCulture, $"siteId={Uri.EscapeDataString(siteId)}&from={from:yyyy-MM-dd}&to={to:yyyy-MM-dd'T'HH:mm}");
    }
}
