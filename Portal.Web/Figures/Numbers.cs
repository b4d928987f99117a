using System.Globalization;

namespace Portal.Web.Figures;

/// <summary>How figures and ages are written: thousands apart, one decimal where it says something, the unit beside it.</summary>
public static class Numbers
{
    /// <summary>What stands where nothing is known: never a zero.</summary>
    public const string Unknown = "—";

    /// <summary>Kilowatts with one decimal: <c>1,352.6</c>; a dash where unknown.</summary>
    public static string Power(double? kilowatts) => Number(kilowatts, "#,0.0");

    /// <summary>Kilowatt-hours: whole from 100 up, one decimal below; a dash where unknown.</summary>
    public static string Energy(double? kilowattHours) => Number(kilowattHours, Math.Abs(kilowattHours ?? 0) >= 100 ? "#,0" : "#,0.0");

    /// <summary>An age in its two largest units that matter: <c>9 s</c>, <c>4 min</c>, <c>2 h 14 min</c>, <c>9 d</c>.</summary>
    public static string Age(TimeSpan age) =>
        age switch
        {
            { TotalSeconds: < 0 } => "0 s",
            { TotalSeconds: < 60 } => string.Create(CultureInfo.InvariantCulture, $"{age.Seconds} s"),
            { TotalMinutes: < 60 } => string.Create(CultureInfo.InvariantCulture, $"{age.Minutes} min"),
            { TotalHours: < 24 } => string.Create(CultureInfo.InvariantCulture, $"{age.Hours} h {age.Minutes:00} min"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{(int)age.TotalDays} d"),
        };

    /// <summary>By how much a clock is off, with its sign: <c>+0.2 s</c>, <c>−3 min</c>; a dash where unknown.</summary>
    public static string Skew(double? seconds) => seconds switch
    {
        null => Unknown,
        { } off when Math.Abs(off) < 0.05 => "0.0 s",
        { } off when Math.Abs(off) < 10 => off.ToString("+0.0 s;−0.0 s", CultureInfo.InvariantCulture),
        { } off => (off < 0 ? "−" : "+") + Age(TimeSpan.FromSeconds(Math.Abs(off))),
    };

    /// <summary>A whole number: <c>18,420</c>.</summary>
    public static string Count(long count) => count.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>Any quantity with as many digits as say something: <c>0.987</c>, <c>49.98</c>, <c>231.4</c>, <c>1,353</c>; a dash where unknown.</summary>
    public static string Value(double? value) => Number(value, Math.Abs(value ?? 0) switch { >= 1000 => "#,0", >= 100 => "0.0", >= 10 => "0.00", _ => "0.000" });

    /// <summary>Bytes in the unit of their size: <c>512 B</c>, <c>3.4 MB</c>.</summary>
    public static string Bytes(long bytes)
    {
        string[] units = ["B", "kB", "MB", "GB", "TB"];
        var (size, unit) = ((double)bytes, 0);
        for (; Math.Abs(size) >= 1000 && unit < units.Length - 1; unit++) size /= 1000;
        return string.Create(CultureInfo.InvariantCulture, $"{size.ToString(unit == 0 || size >= 100 ? "0" : "0.0", CultureInfo.InvariantCulture)} {units[unit]}");
    }

    private static string Number(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? Unknown;
}
