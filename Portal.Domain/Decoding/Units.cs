using Portal.Domain.Measurements;

namespace Portal.Domain.Decoding;

/// <summary>What a unit measures; a value is only converted between units of the same dimension.</summary>
internal enum Dimension : byte
{
    None,
    Frequency,
    Voltage,
    Current,
    ActivePower,
    ReactivePower,
    ApparentPower,
    ActiveEnergy,
    ReactiveEnergy,
    ApparentEnergy,
    Percent,
}

/// <summary>
/// Conversion into the stored unit, as the power of ten to multiply by: 12345 W are 12345 × 10⁻³ kW. As an exponent it joins the digits
/// before they become a double, so that 1.0005 MWh are exactly what 1000.5 kWh are.
/// </summary>
internal readonly record struct UnitScale(int Exponent)
{
    public static readonly UnitScale One = new(0);
}

/// <summary>
/// Units as firmware spells them: <c>kW</c>, <c>KW</c>, <c>[kWh]</c>, <c>kVArh</c>, <c>Mvar</c>. Upper and lower case mean the same, but for
/// <c>mV</c> and <c>MV</c>; <c>mW</c> is a megawatt, since no power meter counts milliwatts.
/// </summary>
internal static class Units
{
    private const int MaxLength = 8;

    /// <summary>The dimension stored for a quantity, by its unit in <see cref="Quantities"/>.</summary>
    public static Dimension Of(Quantity quantity) =>
        quantity.Unit switch
        {
            "Hz" => Dimension.Frequency,
            "V" => Dimension.Voltage,
            "A" => Dimension.Current,
            "kW" => Dimension.ActivePower,
            "kvar" => Dimension.ReactivePower,
            "kVA" => Dimension.ApparentPower,
            "kWh" => Dimension.ActiveEnergy,
            "kvarh" => Dimension.ReactiveEnergy,
            "kVAh" => Dimension.ApparentEnergy,
            "%" => Dimension.Percent,
            _ => Dimension.None,
        };

    /// <summary>Reads a unit; false where it is none, as with an empty one.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out Dimension dimension, out UnitScale scale)
    {
        scale = UnitScale.One;
        dimension = Dimension.None;
        Span<char> letters = stackalloc char[MaxLength];
        var length = 0;
        var prefix = '\0';
        foreach (var b in text)
        {
            if (b is (byte)' ' or (byte)'[' or (byte)']' or (byte)'(' or (byte)')' or (byte)'.' or (byte)'-')
            {
                continue;
            }

            if (length == MaxLength)
            {
                return false;
            }

            prefix = length == 0 ? (char)b : prefix;
            letters[length++] = char.ToLowerInvariant((char)b);
        }

        ReadOnlySpan<char> unit = letters[..length];
        dimension = Base(unit);
        if (dimension != Dimension.None)
        {
            scale = new UnitScale(-StoredExponent(dimension));
            return true;
        }

        dimension = length > 1 ? Base(unit[1..]) : Dimension.None;
        var isMilli = dimension is Dimension.Current || (dimension is Dimension.Voltage or Dimension.Frequency && prefix == 'm');
        int? exponent = (unit.IsEmpty ? ' ' : unit[0]) switch
        {
            'k' => 3,
            'm' when isMilli => -3,
            'm' => 6,
            'g' => 9,
            _ => null,
        };
        if (dimension is Dimension.None or Dimension.Percent || exponent is null)
        {
            dimension = Dimension.None;
            return false;
        }

        scale = new UnitScale(exponent.Value - StoredExponent(dimension));
        return true;
    }

    // Powers and energies are stored in thousands.
    private static int StoredExponent(Dimension dimension) => dimension is >= Dimension.ActivePower and <= Dimension.ApparentEnergy ? 3 : 0;

    private static Dimension Base(ReadOnlySpan<char> unit) =>
        unit switch
        {
            "hz" => Dimension.Frequency,
            "v" => Dimension.Voltage,
            "a" => Dimension.Current,
            "w" => Dimension.ActivePower,
            "var" => Dimension.ReactivePower,
            "va" => Dimension.ApparentPower,
            "wh" => Dimension.ActiveEnergy,
            "varh" => Dimension.ReactiveEnergy,
            "vah" => Dimension.ApparentEnergy,
            "%" or "pct" => Dimension.Percent,
            _ => Dimension.None,
        };
}
