using Portal.Domain.Measurements;

namespace Portal.Domain.Decoding;

/// <summary>Gathers the rows of one post, be it one document or several files.</summary>
/// <param name="maxRows">Most device-instants.</param>
internal sealed class PostBuilder(int maxRows = DecodedPost.MaxRows)
{
    private readonly UnknownParameterCounts unknown = new();
    private int nextSource;
    private int fileStart;
    private long previousLocal;
    private bool clockWentBack;

    public MeasurementBatch Batch { get; } = new();

    /// <summary>Starts another file: what the order of local times says holds within one file only.</summary>
    public void BeginFile()
    {
        fileStart = Batch.Count;
        previousLocal = 0;
        clockWentBack = false;
    }

    /// <summary>The device of a posted serial, not valid where it can't be one (missing, too long, control characters).</summary>
    public DeviceRef Device(ReadOnlySpan<byte> serial)
    {
        Span<char> buffer = stackalloc char[4 * ExternalId.MaxLength];
        return ExternalId.TryNormalize(serial, buffer, out var id)
            ? new DeviceRef(Batch.Device(id), IsValid: true)
            : new DeviceRef(Batch.Device(ExternalId.Display(serial)), IsValid: false);
    }

    /// <summary>The row of a device's time, or -1 where the row is refused because of either. Ticks of 0 are no time.</summary>
    public int Row(DeviceRef device, long ticks, bool isLocal, bool isRepeated = false)
    {
        var source = nextSource++;
        if (Batch.Count >= maxRows)
        {
            throw new UnreadablePostException(
                UnreadableReason.TooManyRows,
                $"The post holds more than {maxRows} measurements. Split it into smaller ones."
            );
        }

        if (!device.IsValid || ticks == 0)
        {
            Batch.AddRefused(device.Index, source, device.IsValid ? RowOutcome.InvalidTime : RowOutcome.UnknownDevice);
            return -1;
        }

        var key = new RowKey(device.Index, ticks, isLocal, source, isLocal && isRepeated);
        var row = Batch.Add(key, out var isNew);
        if (!isLocal)
        {
            return row;
        }

        // A log that runs through the end of summer time has an hour twice: its clock steps back, and the times from there on that
        // this file had already are the second ones.
        clockWentBack |= ticks < previousLocal;
        previousLocal = ticks;
        return !isNew && !isRepeated && clockWentBack && row >= fileStart ? Batch.Add(key with { IsRepeated = true }, out _) : row;
    }

    /// <summary>Keeps a value in a row; the first one wins, and a bad one refuses the row.</summary>
    public void Set(int row, ReadOnlySpan<byte> text, in ParameterTarget target)
    {
        var state = ReadingValue.Read(text, target, out var value);
        if (state == ReadingState.Present)
        {
            Batch.Fill(row, target.Quantity, value);
        }
        else if (Refusal(state) is { } reason)
        {
            Batch.Refuse(row, reason);
        }
    }

    /// <summary>Why a row with such a value is refused, or null.</summary>
    public static RowOutcome? Refusal(ReadingState state) =>
        state switch
        {
            ReadingState.Invalid => RowOutcome.InvalidValue,
            ReadingState.OutOfRange => RowOutcome.OutOfRange,
            _ => null,
        };

    /// <summary>Counts a parameter without a column.</summary>
    public void CountUnknown(DeviceRef device, ReadOnlySpan<byte> name, long values = 1) =>
        unknown.Count(device.IsValid ? Batch.ExternalIds[device.Index] : "", name, values);

    /// <summary>A rejected row in place of a file whose rows can't be known.</summary>
    public void AddUnreadable(ReadOnlySpan<byte> serial) => Batch.AddRefused(Device(serial).Index, nextSource++, RowOutcome.InvalidValue);

    /// <summary>The post. Only now is it known which rows have no value at all: a part read later may have had one.</summary>
    public DecodedPost Build()
    {
        for (var row = 0; row < Batch.Count; row++)
        {
            if (Batch.Refused(row) is null && IsEmpty(Batch.Values(row)))
            {
                Batch.Refuse(row, RowOutcome.NoValues);
            }
        }

        return new DecodedPost(Batch, unknown.ToList());
    }

    private static bool IsEmpty(ReadOnlySpan<double> values)
    {
        foreach (var value in values)
        {
            if (!double.IsNaN(value))
            {
                return false;
            }
        }

        return true;
    }
}

/// <summary>A device of a post.</summary>
internal readonly record struct DeviceRef(int Index, bool IsValid);
