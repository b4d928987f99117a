using System.Security.Cryptography;
using Portal.Domain.Ledger;
using Portal.Domain.Measurements;

namespace Portal.Domain.Tests.Ledger;

public sealed class DayHashTests
{
    private static readonly DateTimeOffset Midnight = new(2026, 11, 23, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void It_is_SHA_256_over_the_documented_bytes()
    {
        using var day = new DayHash();
        day.Append(Midnight.UtcTicks, Values((Quantities.ActivePowerKw, 12.34), (Quantities.EnergyImportKwh, 45678.9), (Quantities.LoadType, 'L')));

        var bytes = new List<byte>();
        bytes.AddRange(BitConverter.GetBytes(Midnight.ToUnixTimeMilliseconds() * 1000));
        bytes.AddRange(BitConverter.GetBytes((short)3));
        bytes.AddRange(BitConverter.GetBytes((short)Quantities.ActivePowerKw.Index));
        bytes.AddRange(BitConverter.GetBytes(12.34f));
        bytes.AddRange(BitConverter.GetBytes((short)Quantities.EnergyImportKwh.Index));
        bytes.AddRange(BitConverter.GetBytes(45678.9));
        bytes.AddRange(BitConverter.GetBytes((short)Quantities.LoadType.Index));
        bytes.Add((byte)'L');
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData([.. bytes])), day.Finish());
    }

    [Fact]
    public void A_hash_that_was_published_never_changes()
    {
        using var day = new DayHash();
        day.Append(Midnight.UtcTicks, Values((Quantities.ActivePowerKw, 12.34), (Quantities.EnergyImportKwh, 45678.9)));
        day.Append(Midnight.AddMinutes(1).UtcTicks, Values((Quantities.Voltage1V, 231.5)));

        Assert.StartsWith("902b61fb49736b07347854b35fde7a6d111b5710a", day.Finish(), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_part_of_a_row_counts()
    {
        var values = Values((Quantities.ActivePowerKw, 1), (Quantities.EnergyImportKwh, 2));
        string[] hashes =
        [
            Of((Midnight, values)),
            Of((Midnight.AddMicroseconds(1), values)),
            Of((Midnight, Values((Quantities.ActivePowerKw, 1)))),
            Of((Midnight, Values((Quantities.ActivePowerKw, 1), (Quantities.EnergyExportKwh, 2)))),
            Of((Midnight, Values((Quantities.ActivePowerKw, 1), (Quantities.EnergyImportKwh, Math.BitIncrement(2.0))))),
            Of((Midnight, Values((Quantities.ActivePowerKw, MathF.BitIncrement(1f)), (Quantities.EnergyImportKwh, 2)))),
            Of((Midnight, values), (Midnight.AddMinutes(1), values)),
            Of(),
        ];

        Assert.Equal(hashes.Length, hashes.Distinct().Count());
    }

    [Fact]
    public void What_the_table_can_not_tell_apart_is_the_same()
    {
        Assert.Equal(Of((Midnight, Values((Quantities.ActivePowerKw, 12.34)))), Of((Midnight.AddTicks(9), Values((Quantities.ActivePowerKw, (double)12.34f)))));
        Assert.Equal(Of((Midnight, Values((Quantities.ActivePowerKw, 0.0)))), Of((Midnight, Values((Quantities.ActivePowerKw, -0.0)))));
    }

    [Fact]
    public void A_value_of_a_quantity_that_an_older_release_does_not_know_is_absent_there()
    {
        var values = Values((Quantities.ActivePowerKw, 1));
        Assert.Equal(Of((Midnight, values)), Of((Midnight, values[..(Quantities.ActivePowerKw.Index + 1)])));
    }

    [Fact]
    public void Rows_out_of_order_are_refused()
    {
        using var day = new DayHash();
        day.Append(Midnight.AddMinutes(1).UtcTicks, Values());

        Assert.Throws<ArgumentOutOfRangeException>(() => day.Append(Midnight.AddMinutes(1).UtcTicks, Values()));
    }

    private static string Of(params (DateTimeOffset Time, double[] Values)[] rows)
    {
        using var day = new DayHash();
        foreach (var (time, values) in rows)
        {
            day.Append(time.UtcTicks, values);
        }

        return day.Finish();
    }

    private static double[] Values(params (Quantity Quantity, double Value)[] present)
    {
        var values = new double[Quantities.Count];
        Array.Fill(values, double.NaN);
        foreach (var (quantity, value) in present)
        {
            values[quantity.Index] = value;
        }

        return values;
    }
}
