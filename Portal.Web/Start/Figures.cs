using System.Globalization;

namespace Portal.Web.Start;

/// <summary>How figures and ages are written: thousands apart, one decimal where it says something, the unit beside it.</summary>
public static class Figures
{
    private const string Unknown = "—";

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

    private static string Number(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? Unknown;
}
