namespace Portal.AppHost.Topology;

/// <summary>The codes of the customers that a developer's fleet has.</summary>
internal static class CustomerCodes
{
    /// <summary>Most customers of one machine: a stack takes three processes and some 400 MB.</summary>
    public const int Most = 50;

    private static readonly string[] Letters = ["abc", "xyz", "dur", "jhb", "cpt", "pta", "plk", "nel", "blo", "kim"];

    /// <summary>The first <paramref name="count"/> codes, always the same: abc0001, xyz0002, dur0003, …</summary>
    public static IEnumerable<string> First(int count) => Enumerable.Range(1, count).Select(number => $"{Letters[(number - 1) % Letters.Length]}{number:0000}");
}
