using System.Globalization;
using Portal.Domain.Measurements;

namespace Portal.Domain.Decoding;

/// <summary>
/// Times as meters and programs write them, read without allocating:
/// <code>
/// 1764000000   "1764000000"   1764000000.25        Unix seconds, number or text
/// 2025-12-05T18:24:00Z        2025-12-05T20:24:00.5+02:00
/// 2025-12-05 18:24:00         2025/12/05 18:24      no offset: the site's wall clock
/// </code>
/// </summary>
internal static class MeterTime
{
    // A day short of year 10000, so that a zone's offset can still be added.
    private static readonly long Latest = DateTime.MaxValue.Ticks - TimeSpan.TicksPerDay;

    /// <summary>
    /// Ticks of a time, whole microseconds (finer digits are cut). False where it is none, does not exist on the calendar, or lies
    /// before <see cref="MeterClock.Floor"/>. <paramref name="isLocal"/>: it had no offset, the ticks are the wall clock's.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out long ticks, out bool isLocal)
    {
        text = text.Trim((byte)' ').Trim((byte)'\t');
        isLocal = false;
        var isCalendar = text.Length > 4 && text[4] is (byte)'-' or (byte)'/';
        return (isCalendar ? TryCalendar(text, out ticks, out isLocal) : TryUnix(text, out ticks))
            && ticks >= MeterClock.Floor.Ticks
            && ticks <= Latest;
    }

    private static bool TryUnix(ReadOnlySpan<byte> text, out long ticks)
    {
        ticks = 0;
        if (
            text.Length > 32
            || !decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var seconds)
            || seconds > 253_402_300_799m // the last second of year 9999
        )
        {
            return false;
        }

        var microseconds = (long)(seconds * 1_000_000);
        ticks = DateTime.UnixEpoch.Ticks + (microseconds * TimeSpan.TicksPerMicrosecond);
        return true;
    }

    private static bool TryCalendar(ReadOnlySpan<byte> text, out long ticks, out bool isLocal)
    {
        ticks = 0;
        isLocal = false;
        if (
            text.Length < 16
            || text[7] != text[4]
            || text[10] is not ((byte)'T' or (byte)'t' or (byte)' ')
            || text[13] != (byte)':'
            || !TryDigits(text[..4], out var year)
            || !TryDigits(text[5..7], out var month)
            || !TryDigits(text[8..10], out var day)
            || !TryDigits(text[11..13], out var hour)
            || !TryDigits(text[14..16], out var minute)
            || year is 0
            || month is 0 or > 12
            || day is 0
            || day > DateTime.DaysInMonth(year, month)
            || hour > 23
            || minute > 59
        )
        {
            return false;
        }

        var rest = text[16..];
        if (!TrySeconds(ref rest, out var fraction) || !TryOffset(rest, out var offset, out isLocal))
        {
            return false;
        }

        ticks = new DateTime(year, month, day, hour, minute, 0, DateTimeKind.Unspecified).Ticks + fraction - offset;
        return true;
    }

    // ":24", ":24.5" or nothing
    private static bool TrySeconds(ref ReadOnlySpan<byte> rest, out long ticks)
    {
        ticks = 0;
        if (rest.IsEmpty || rest[0] != (byte)':')
        {
            return true;
        }

        if (rest.Length < 3 || !TryDigits(rest[1..3], out var seconds) || seconds > 59)
        {
            return false;
        }

        ticks = seconds * TimeSpan.TicksPerSecond;
        rest = rest[3..];
        if (rest.IsEmpty || rest[0] is not ((byte)'.' or (byte)','))
        {
            return true;
        }

        var weight = TimeSpan.TicksPerSecond / 10;
        var length = 1;
        for (; length < rest.Length && char.IsAsciiDigit((char)rest[length]); length++)
        {
            ticks += weight >= TimeSpan.TicksPerMicrosecond ? (rest[length] - '0') * weight : 0;
            weight /= 10;
        }

        rest = rest[length..];
        return length > 1;
    }

    // "Z", "+02:00", "+0200", "+02" or nothing
    private static bool TryOffset(ReadOnlySpan<byte> rest, out long ticks, out bool isLocal)
    {
        ticks = 0;
        rest = rest.Trim((byte)' ');
        isLocal = rest.IsEmpty;
        if (isLocal || (rest.Length == 1 && rest[0] is (byte)'Z' or (byte)'z'))
        {
            return true;
        }

        var sign = rest[0] switch
        {
            (byte)'+' => 1,
            (byte)'-' => -1,
            _ => 0,
        };
        var minutes = 0;
        var read = rest.Length switch
        {
            3 => true,
            5 => TryDigits(rest[3..], out minutes),
            6 => rest[3] == (byte)':' && TryDigits(rest[4..], out minutes),
            _ => false,
        };
        if (sign == 0 || !read || !TryDigits(rest[1..3], out var hours) || minutes > 59 || (hours * 60) + minutes > 14 * 60)
        {
            return false;
        }

        ticks = sign * ((hours * 60) + minutes) * TimeSpan.TicksPerMinute;
        return true;
    }

    private static bool TryDigits(ReadOnlySpan<byte> text, out int value)
    {
        value = 0;
        foreach (var digit in text)
        {
            if (!char.IsAsciiDigit((char)digit))
            {
                return false;
            }

            value = (value * 10) + (digit - '0');
        }

        return true;
    }
}
