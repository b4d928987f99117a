namespace Portal.Web.Charts;

/// <summary>What a page's chart is zoomed to, in the address: <c>?from=1764021600&amp;to=1764050400</c>, Unix seconds.</summary>
public static class ChartAddress
{
    /// <returns>Null where the address names no range: the chart follows the time.</returns>
    public static ChartRange? Read(long? from, long? to) => from is { } start && to is { } end && start < end && Known(start) && Known(end)
        ? new ChartRange(DateTimeOffset.FromUnixTimeSeconds(start), DateTimeOffset.FromUnixTimeSeconds(end))
        : null;

    /// <summary>For <see cref="Navigation.QueryState.Adjust"/>.</summary>
    public static (string Name, object? Value)[] Write(ChartRange? range) => [("from", range?.From.ToUnixTimeSeconds()), ("to", range?.To.ToUnixTimeSeconds())];

    // Years 1970 to 9999, so that no address makes an instant that doesn't exist.
    private static bool Known(long seconds) => seconds is >= 0 and < 253_402_300_800;
}
