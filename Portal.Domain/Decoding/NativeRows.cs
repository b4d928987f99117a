using System.Text;
using System.Text.Json;
using Portal.Domain.Measurements;

namespace Portal.Domain.Decoding;

/// <summary>
/// Reads the elements of <c>measurements</c>. Rows of one sender look alike: what stands between two values is first compared with what stood
/// there in the rows before, and names are looked up only where it differs. Rows that differ in their values alone are read without the general
/// reader, which takes more than twice as long; it reads the first row, whatever differs, and whatever may be no JSON, so it alone says what is.
/// </summary>
internal ref struct NativeRows
{
    private const int MaxUnknown = 32; // unknown names of one row that are told apart

    // Slots from 0 on are quantities.
    private const int ExternalIdSlot = -1;
    private const int TimeSlot = -2;
    private const int LocalTimeSlot = -3;
    private const int RepeatedSlot = -4;
    private const int UnknownSlot = -5;

    private static readonly Quantity[] BySlot = [.. Quantities.All];

    private static readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> Slots = AllSlots()
        .GetAlternateLookup<ReadOnlySpan<char>>();

    private readonly PostBuilder post;
    private readonly RowShape shape = new();
    private readonly double[] values = new double[Quantities.Count];
    private readonly int[] present = new int[Quantities.Count];
    private readonly Range[] unknown = new Range[MaxUnknown];
    private readonly byte[] scratch = new byte[JsonText.BufferSize]; // for unescaping one text at a time
    private ReadOnlySpan<byte> text;
    private ReadOnlySpan<byte> previousSerial;
    private DeviceRef previousDevice;

    // Of the row that is being read.
    private JsonValue serial;
    private JsonValue time;
    private JsonValue localTime;
    private bool isRepeated;
    private int presentCount;
    private int unknownCount;
    private RowOutcome? refusal;

    /// <param name="text">All that the reader was made for.</param>
    public NativeRows(PostBuilder post, ReadOnlySpan<byte> text)
    {
        this.post = post;
        this.text = text;
        values.AsSpan().Fill(double.NaN);
    }

    /// <summary>What the reader counts its places from: the text, or the end of it behind rows that were read without the reader.</summary>
    public readonly ReadOnlySpan<byte> Text => text;

    /// <summary>Reads an element, and those behind it that look like it. Anything but an object has neither device nor time.</summary>
    /// <param name="reader">Stands at the element's start, afterwards at the end of the last one that was read.</param>
    public void Read(scoped ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            post.Row(post.Device([]), 0, isLocal: false);
            return;
        }

        Begin();
        var end = (int)reader.BytesConsumed;
        for (var place = 0; reader.Read() && reader.TokenType == JsonTokenType.PropertyName; place++)
        {
            var name = new Range((int)reader.TokenStartIndex + 1, (int)reader.TokenStartIndex + 1 + reader.ValueSpan.Length);
            var isEscaped = reader.ValueIsEscaped;
            reader.Read();
            var slot = Slot(end..(int)reader.TokenStartIndex, name, isEscaped, place);
            Take(slot, JsonValue.Take(ref reader, text), name);
            end = (int)reader.BytesConsumed;
        }

        Finish();
        ReadAlike(ref reader);
    }

    private void ReadAlike(scoped ref Utf8JsonReader reader)
    {
        var from = (int)reader.BytesConsumed;
        var end = from;
        while (TryRow(ref end)) { }

        if (end > from)
        {
            // To the reader it is still the end of the element that it read itself.
            text = text[end..];
            reader = new Utf8JsonReader(text, isFinalBlock: true, reader.CurrentState);
        }
    }

    // A comma and a row, or nothing.
    private bool TryRow(ref int end)
    {
        var at = end;
        if (!TrySkip(ref at, (byte)',') || !TrySkip(ref at, (byte)'{'))
        {
            return false;
        }

        Begin();
        if (!TryValues(ref at) || !TrySkip(ref at, (byte)'}'))
        {
            Forget();
            return false;
        }

        end = at;
        Finish();
        return true;
    }

    private bool TryValues(ref int at)
    {
        for (var place = 0; shape.Find(text[at..], ref place) is { } found; place++)
        {
            var name = new Range(at + found.NameStart, at + found.NameStart + found.NameLength);
            at += found.Before.Length;
            if (found.Slot >= 0 && JsonNumber.TryRead(text[at..], out var length, out var number) && !double.IsNaN(number))
            {
                Keep(found.Slot, number, ReadingValue.StateOf(number, BySlot[found.Slot]));
            }
            else if (JsonValue.TryTake(text[at..], out var value, out length))
            {
                Take(found.Slot, value, name);
            }
            else
            {
                return false;
            }

            at += length;
        }

        return true;
    }

    private readonly bool TrySkip(ref int at, byte expected)
    {
        while ((uint)at < (uint)text.Length && text[at] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
        {
            at++;
        }

        return (uint)at < (uint)text.Length && text[at++] == expected;
    }

    private void Begin()
    {
        serial = time = localTime = default;
        isRepeated = false;
        presentCount = unknownCount = 0;
        refusal = null;
    }

    private readonly void Forget()
    {
        foreach (var index in present.AsSpan(0, presentCount))
        {
            values[index] = double.NaN;
        }
    }

    private void Take(int slot, JsonValue value, Range name)
    {
        // Of a property that is there twice the first counts.
        switch (slot)
        {
            case ExternalIdSlot:
                serial = serial.IsMissing ? value : serial;
                break;
            case TimeSlot:
                time = time.IsMissing ? value : time;
                break;
            case LocalTimeSlot:
                localTime = localTime.IsMissing ? value : localTime;
                break;
            case RepeatedSlot:
                isRepeated |= value.Type == JsonTokenType.True;
                break;
            case >= 0:
                Value(value, slot);
                break;
            default:
                unknown[Math.Min(unknownCount++, MaxUnknown - 1)] = name;
                break;
        }
    }

    private void Finish()
    {
        var device = Device();
        var isLocal = time.Type is JsonTokenType.None or JsonTokenType.Null && !localTime.IsMissing;
        var row =
            (isLocal ? localTime : time).TryText(scratch, out var posted)
            && MeterTime.TryRead(posted, out var ticks, out var hasNoOffset)
            && hasNoOffset == isLocal
                ? post.Row(device, ticks, isLocal, isRepeated)
                : post.Row(device, 0, isLocal: false);
        if (row >= 0)
        {
            post.Batch.Fill(row, present.AsSpan(0, presentCount), values);
        }

        Forget();
        if (row >= 0 && refusal is { } reason)
        {
            post.Batch.Refuse(row, reason);
        }

        for (var i = 0; i < unknownCount; i++)
        {
            var name = text[unknown[Math.Min(i, MaxUnknown - 1)]];
            post.CountUnknown(device, JsonText.Unescape(name, scratch));
        }
    }

    private void Value(scoped JsonValue posted, int slot)
    {
        var value = double.NaN;
        var state = posted.TryText(scratch, out var read)
            ? ReadingValue.Read(read, new ParameterTarget(BySlot[slot], UnitScale.One), out value)
            : ReadingState.Invalid;
        Keep(slot, value, state);
    }

    private void Keep(int slot, double value, ReadingState state)
    {
        if (state != ReadingState.Present)
        {
            refusal ??= PostBuilder.Refusal(state);
        }
        else if (double.IsNaN(values[slot]))
        {
            values[slot] = value;
            present[presentCount++] = slot;
        }
    }

    private DeviceRef Device()
    {
        if (serial.Type == JsonTokenType.String && !previousSerial.IsEmpty && serial.Raw.SequenceEqual(previousSerial))
        {
            return previousDevice;
        }

        previousSerial = serial.Type == JsonTokenType.String ? serial.Raw : [];
        previousDevice = post.Device(serial.TryText(scratch, out var posted) ? posted : default);
        return previousDevice;
    }

    private readonly int Slot(Range before, Range name, bool isEscaped, int place)
    {
        if (shape.Has(place, text[before]) is { } known)
        {
            return known;
        }

        Span<char> letters = stackalloc char[64];
        var posted = isEscaped ? JsonText.Unescape(text[name], scratch) : text[name];
        var slot = UnknownSlot;
        if (posted.Length <= letters.Length && Slots.TryGetValue(letters[..Encoding.UTF8.GetChars(posted, letters)], out var found))
        {
            slot = found;
        }

        shape.Learn(place, new RowPlace(text[before].ToArray(), name.Start.Value - before.Start.Value, text[name].Length, slot));
        return slot;
    }

    private static Dictionary<string, int> AllSlots()
    {
        var slots = Quantities.All.ToDictionary(quantity => quantity.Name, quantity => quantity.Index, StringComparer.OrdinalIgnoreCase);
        slots.Add("externalId", ExternalIdSlot);
        slots.Add("time", TimeSlot);
        slots.Add("localTime", LocalTimeSlot);
        slots.Add("localTimeRepeated", RepeatedSlot);
        return slots;
    }
}
