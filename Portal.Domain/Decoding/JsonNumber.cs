namespace Portal.Domain.Decoding;

/// <summary>
/// The number that a text begins with, in the form in which most are written:
/// <code>
/// 0   -12   230.41   0.9876543210123456789
/// </code>
/// </summary>
internal static class JsonNumber
{
    private const int MaxDigits = 15; // whole numbers of so many are exact as a double

    /// <summary>False where there is none, or one of another form: with an exponent, or no JSON. What follows it is not looked at.</summary>
    /// <param name="length">Bytes of it.</param>
    /// <param name="value">The nearest double; NaN where it has too many digits to be read exactly this way.</param>
    public static bool TryRead(ReadOnlySpan<byte> text, out int length, out double value)
    {
        value = double.NaN;
        var isNegative = !text.IsEmpty && text[0] == (byte)'-';
        var start = isNegative ? 1 : 0;
        var mantissa = 0L; // runs over where there are too many digits; then it isn't used
        length = start;
        Digits(text, ref length, ref mantissa);
        var digits = length - start;
        if (digits == 0 || (digits > 1 && text[start] == (byte)'0'))
        {
            return false;
        }

        var decimals = 0;
        if ((uint)length < (uint)text.Length && text[length] == (byte)'.')
        {
            var point = length++;
            Digits(text, ref length, ref mantissa);
            decimals = length - point - 1;
            if (decimals == 0)
            {
                return false;
            }
        }

        if (digits + decimals <= MaxDigits)
        {
            value = ReadingValue.Scale(isNegative ? -(double)mantissa : mantissa, -decimals);
        }

        return true;
    }

    private static void Digits(ReadOnlySpan<byte> text, ref int at, ref long mantissa)
    {
        for (uint digit; (uint)at < (uint)text.Length && (digit = (uint)(text[at] - '0')) <= 9; at++)
        {
            mantissa = (mantissa * 10) + digit;
        }
    }
}
