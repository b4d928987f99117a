using System.Buffers.Binary;
using System.Security.Cryptography;
using Portal.Domain.Measurements;

namespace Portal.Domain.Ledger;

/// <summary>
/// The hash of a device-day in the delivery ledger: SHA-256 over its rows, in the order of their times. Two sides with the same hash hold the
/// same rows and values.
/// </summary>
/// <remarks>
/// Bytes of a row, all little endian: the instant as microseconds since 1970-01-01T00:00:00Z (8), how many values are present (2), then for
/// each present value in the order of <see cref="Quantities"/> its <see cref="Quantity.Index"/> (2) and the value as it is stored: an instantaneous
/// quantity as IEEE 754 single (4), a register as double (8), the load type as its letter (1). −0 is hashed as 0, which it equals. When a row was
/// received is not part of it.
/// </remarks>
public sealed class DayHash : IDisposable
{
    private const int RowHeadSize = 8 + 2;
    private const int MaxValueSize = 2 + 8;

    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] buffer = new byte[RowHeadSize + (MaxValueSize * Quantities.Count)];
    private long latest = long.MinValue;

    /// <summary>Adds the next row.</summary>
    /// <param name="utcTicks">Its instant in .NET ticks; digits below a microsecond are cut, as in the table.</param>
    /// <param name="values">By <see cref="Quantity.Index"/>; NaN is absent. Quantities beyond its end are absent.</param>
    /// <exception cref="ArgumentOutOfRangeException">The row is not later than the one before.</exception>
    public void Append(long utcTicks, ReadOnlySpan<double> values)
    {
        var microseconds = (utcTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(microseconds, latest, nameof(utcTicks));
        latest = microseconds;

        BinaryPrimitives.WriteInt64LittleEndian(buffer, microseconds);
        var present = (short)0;
        var used = RowHeadSize;
        for (var index = 0; index < values.Length; index++)
        {
            if (double.IsNaN(values[index]))
            {
                continue;
            }

            present++;
            BinaryPrimitives.WriteInt16LittleEndian(buffer.AsSpan(used), (short)index);
            used += sizeof(short);
            used += Value(buffer.AsSpan(used), Quantities.All[index].Kind, values[index] + 0.0); // −0 + 0 is 0
        }

        BinaryPrimitives.WriteInt16LittleEndian(buffer.AsSpan(sizeof(long)), present);
        hash.AppendData(buffer, 0, used);
    }

    /// <summary>The hash of all rows added, as 64 hexadecimal digits in lower case; begins a new day.</summary>
    public string Finish()
    {
        latest = long.MinValue;
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public void Dispose() => hash.Dispose();

    private static int Value(Span<byte> target, QuantityKind kind, double value)
    {
        switch (kind)
        {
            case QuantityKind.Register:
                BinaryPrimitives.WriteDoubleLittleEndian(target, value);
                return sizeof(double);
            case QuantityKind.LoadType:
                target[0] = (byte)value;
                return 1;
            default:
                BinaryPrimitives.WriteSingleLittleEndian(target, (float)value);
                return sizeof(float);
        }
    }
}
