using Portal.Domain.Energy;
using Portal.Domain.Tariffs;

namespace Portal.Domain.Tests.Tariffs;

/// <summary>Sites, meters and tariffs for tests, and bills of them.</summary>
internal static class Billing
{
    public static readonly TimeZoneInfo Johannesburg = TimeZoneInfo.FindSystemTimeZoneById("Africa/Johannesburg");
    public static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    /// <summary>An instant by the zone's clock: <c>2025-06-02 07:30</c>.</summary>
    public static DateTimeOffset At(string local, TimeZoneInfo? zone = null)
    {
        var time = DateTime.ParseExact(local, ["yyyy-MM-dd", "yyyy-MM-dd HH:mm"], System.Globalization.CultureInfo.InvariantCulture);
        zone ??= Johannesburg;
        return new DateTimeOffset(time, zone.GetUtcOffset(time));
    }

    public static DateOnly Day(string date) => DateOnly.ParseExact(date, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>One reading as a register interval of its own.</summary>
    public static RegisterBucket Reading(DateTimeOffset at, double reading) => new(at, reading, at, reading, reading, reading, null);

    /// <summary>Readings every so many minutes, of a load that changes from one to the next.</summary>
    /// <param name="kw">Power in the interval that begins at an instant.</param>
    public static List<RegisterBucket> Readings(DateTimeOffset from, DateTimeOffset to, int minutes, Func<DateTimeOffset, double> kw, double start = 1_000)
    {
        var readings = new List<RegisterBucket>();
        for (var (at, register) = (from, start); at <= to; at = at.AddMinutes(minutes))
        {
            readings.Add(Reading(at, register));
            register += kw(at) * minutes / 60;
        }

        return readings;
    }

    /// <summary>A meter under a constant load, read every half-hour.</summary>
    public static MeterRegisters Constant(string from, string to, double kw, double? kvar = null, double? exported = null, TimeZoneInfo? zone = null) =>
        new(
            MeterRegisters.Curve(Readings(At(from, zone), At(to, zone), 30, _ => kw)),
            exported is { } export ? MeterRegisters.Curve(Readings(At(from, zone), At(to, zone), 30, _ => export)) : null,
            kvar is { } reactive ? MeterRegisters.Curve(Readings(At(from, zone), At(to, zone), 30, _ => reactive)) : null
        );

    /// <summary>A meter that counted this much between two instants, evenly, read at both alone.</summary>
    public static MeterRegisters Used(string from, string to, double kwh) =>
        new(MeterRegisters.Curve([Reading(At(from), 5_000), Reading(At(to), 5_000 + kwh)]));

    public static TariffVersion Version(params TariffComponent[] components) => Version(null, components);

    public static TariffVersion Version(TariffClock? clock, params TariffComponent[] components) =>
        new("v1", Clocks.Always, null, "ZAR", 15, "Test", clock, null, components);

    public static Tariff Tariff(params TariffVersion[] versions) => new("Town", "Tariff", versions);

    public static BillInput Input(Tariff tariff, string from, string to, params MeterRegisters[] meters) => Input(tariff, At(from), At(to), meters);

    public static BillInput Input(Tariff tariff, DateTimeOffset from, DateTimeOffset to, params MeterRegisters[] meters) =>
        new(Johannesburg, from, to, [new AppliedTariff(Clocks.Always, null, tariff)], null, meters);

    public static Bill Bill(TariffVersion version, string from, string to, params MeterRegisters[] meters) =>
        BillCalculator.Calculate(Input(Tariff(version), from, to, meters));

    /// <summary>Quantity by band (or component where there is none), over all parts.</summary>
    public static Dictionary<string, decimal> Quantities(this Bill bill) =>
        bill.Lines.GroupBy(line => line.Band ?? line.Component.Name).ToDictionary(group => group.Key, group => group.Sum(line => line.Quantity ?? 0));

    public static BillLine Line(this Bill bill, string component) => Assert.Single(bill.Lines, line => line.Component.Name == component);

    /// <summary>A price for each band, the same in every season.</summary>
    public static EnergyCharge ByBand(decimal peak, decimal standard, decimal offPeak) =>
        new("Energy", [new(null, Clocks.Peak, peak), new(null, Clocks.Standard, standard), new(null, Clocks.OffPeak, offPeak)]);
}
