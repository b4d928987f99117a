using System.Buffers;
using System.Buffers.Binary;
using Npgsql;
using Portal.Domain.Measurements;

namespace Portal.TimeSeries.Writing;

/// <summary>
/// Writes rows in PostgreSQL's binary COPY format, straight from the batches into one pooled buffer: a header, then for each row the number
/// of fields and for each field its length (-1 is null) and its bytes, big-endian, then -1.
/// https://www.postgresql.org/docs/15/sql-copy.html
/// </summary>
/// <remarks>Bound: 64 KiB, whatever the number of rows.</remarks>
internal static class BinaryCopy
{
    private const int BufferSize = 64 * 1024;
    private const int FieldSize = 4 + 8;

    // Signature, no flags, no extension.
    private static readonly byte[] Header = [.. "PGCOPY\n"u8, 0xff, .. "\r\n\0"u8, 0, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>Copies these rows of the set, in this order. An error of the server surfaces here, at the latest when the stream ends.</summary>
    /// <param name="table">Where to, with the columns of <see cref="SeriesLayout.Columns"/> and the set's.</param>
    public static async Task WriteAsync(
        NpgsqlConnection connection,
        string table,
        WriteSet set,
        IReadOnlyList<int> which,
        CancellationToken cancellationToken
    )
    {
        var keys = set.Layout.HasCustomers ? 4 : 3;
        var stream = await connection.BeginRawBinaryCopyAsync(
            $"COPY {table} ({set.Layout.Columns}{TableSql.List(set.Columns)}) FROM STDIN (FORMAT BINARY)",
            cancellationToken
        );
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            Header.CopyTo(buffer, 0);
            var used = Header.Length;
            var rowSize = sizeof(short) + (FieldSize * (keys + set.Columns.Count));
            foreach (var row in which)
            {
                if (used + rowSize > BufferSize - sizeof(short))
                {
                    await stream.WriteAsync(buffer.AsMemory(0, used), cancellationToken);
                    used = 0;
                }

                used += Encode(buffer.AsSpan(used), set, set.Rows[row], keys);
            }

            BinaryPrimitives.WriteInt16BigEndian(buffer.AsSpan(used), -1);
            await stream.WriteAsync(buffer.AsMemory(0, used + sizeof(short)), cancellationToken);
        }
        catch
        {
            await CancelAsync(stream);
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        await stream.DisposeAsync();
    }

    /// <summary>One row in the binary form of COPY (PostgreSQL, "Binary Format" of COPY).</summary>
    /// <returns>Bytes written.</returns>
    internal static int Encode(Span<byte> target, WriteSet set, in WriteRow row, int keys)
    {
        var at = 0;
        BinaryPrimitives.WriteInt16BigEndian(target, (short)(keys + set.Columns.Count));
        at += sizeof(short);
        at += set.Layout.HasCustomers ? Int32(target[at..], row.Device.CustomerId) : 0;
        at += Int32(target[at..], row.Device.DeviceId);
        at += Int64(target[at..], PgTime.Microseconds(row.Ticks));
        at += Int64(target[at..], PgTime.Microseconds(set.ReceivedAt(row).UtcTicks));
        var values = set.Values(row);
        foreach (var quantity in set.Columns)
        {
            at += Value(target[at..], quantity.Kind, values[quantity.Index]);
        }

        return at;
    }

    private static int Value(Span<byte> target, QuantityKind kind, double value)
    {
        if (double.IsNaN(value))
        {
            BinaryPrimitives.WriteInt32BigEndian(target, -1);
            return sizeof(int);
        }

        switch (kind)
        {
            case QuantityKind.Register:
                return Int64(target, BitConverter.DoubleToInt64Bits(value));
            case QuantityKind.LoadType:
                BinaryPrimitives.WriteInt32BigEndian(target, 1);
                target[sizeof(int)] = (byte)value;
                return sizeof(int) + 1;
            default:
                return Int32(target, BitConverter.SingleToInt32Bits((float)value));
        }
    }

    private static int Int32(Span<byte> target, int value)
    {
        BinaryPrimitives.WriteInt32BigEndian(target, sizeof(int));
        BinaryPrimitives.WriteInt32BigEndian(target[sizeof(int)..], value);
        return sizeof(int) + sizeof(int);
    }

    private static int Int64(Span<byte> target, long value)
    {
        BinaryPrimitives.WriteInt32BigEndian(target, sizeof(long));
        BinaryPrimitives.WriteInt64BigEndian(target[sizeof(int)..], value);
        return sizeof(int) + sizeof(long);
    }

    // Disposing would complete the COPY. What is wrong is known already; the transaction goes either way.
    private static async Task CancelAsync(NpgsqlRawCopyStream stream)
    {
        try
        {
            await stream.CancelAsync();
            await stream.DisposeAsync();
        }
        catch (Exception error) when (StoreErrors.IsUnavailable(error) || error is PostgresException or ObjectDisposedException or InvalidOperationException)
        {
            // The connection is gone, or the server had ended the COPY itself.
        }
    }
}
