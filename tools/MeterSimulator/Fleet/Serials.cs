using System.Globalization;

namespace MeterSimulator.Fleet;

/// <summary>
/// Serial numbers such as AN21010043: two letters, year and month of make, running number. Meters of one seed never share one (37 and
/// 10,000 have no common divisor); seeds differ by month and by where they begin to count.
/// </summary>
internal sealed class Serials(int seed)
{
    public string Meter(int index) => Make("AN", index);

    /// <summary>Of communication modules.</summary>
    public string Module(int index) => Make("AW", index);

    private string Make(string letters, int index)
    {
        var year = 21 + (Math.Abs(seed - 1) % 5);
        var month = 1 + (Math.Abs(seed - 1) % 12);
        var number = (43 + (Math.Abs(seed - 1L) * 611) + (index * 37L)) % 10_000;
        return string.Create(CultureInfo.InvariantCulture, $"{letters}{year:00}{month:00}{number:0000}");
    }
}
