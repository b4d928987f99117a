using System.Text;
using System.Text.Json;
using Portal.Domain.Measurements;

namespace Portal.Domain.Decoding;

/// <summary>
/// Reads the elements of <c>measurements</c>. Rows of one sender look alike, so a name is first compared with the one at the same
/// place of the row before, and a serial with the row before's; they are looked up only where they differ.
/// </summary>
internal ref struct NativeRows
{
    private const int MaxRemembered = 96; // properties of a row: every quantity, and room for a few others
    private const int MaxUnknown = 32; // unknown names of one row that are told apart

    // Slots from 0 on are quantities.
    private const int ExternalIdSlot = -1;
    private const int TimeSlot = -2;
    private const int LocalTimeSlot = -3;
    private const int RepeatedSlot = -4;
    private const int UnknownSlot = -5;

    private static readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> Slots = AllSlots()
        .GetAlternateLookup<ReadOnlySpan<char>>();

    private readonly PostBuilder post;
    private readonly ReadOnlySpan<byte> document;
    private readonly (byte[]? Name, int Slot)[] remembered = new (byte[]?, int)[MaxRemembered];
    private readonly double[] values = new double[Quantities.Count];
    private readonly int[] present = new int[Quantities.Count];
    private readonly Range[] unknown = new Range[MaxUnknown];
    private readonly byte[] scratch = new byte[JsonText.BufferSize]; // for unescaping one text at a time
    private ReadOnlySpan<byte> previousSerial;
    private DeviceRef previousDevice;

    private int presentCount;
    private int unknownCount;
    private RowOutcome? refusal;

    public NativeRows(PostBuilder post, ReadOnlySpan<byte> document)
    {
        this.post = post;
        this.document = document;
        values.AsSpan().Fill(double.NaN);
    }

    /// <summary>Reads one element. Anything but an object has neither device nor time.</summary>
    public void Read(scoped ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            post.Row(post.Device([]), 0, isLocal: false);
            return;
        }

        presentCount = unknownCount = 0;
        refusal = null;
        JsonValue serial = default;
        JsonValue time = default;
        JsonValue localTime = default;
        var isRepeated = false;
        for (var place = 0; reader.Read() && reader.TokenType == JsonTokenType.PropertyName; place++)
        {
            var nameStart = (int)reader.TokenStartIndex + 1;
            var name = nameStart..(nameStart + reader.ValueSpan.Length);
            var slot = Slot(ref reader, place);
            reader.Read();
            switch (slot)
            {
                case ExternalIdSlot:
                    TakeFirst(ref serial, ref reader);
                    break;
                case TimeSlot:
                    TakeFirst(ref time, ref reader);
                    break;
                case LocalTimeSlot:
                    TakeFirst(ref localTime, ref reader);
                    break;
                case RepeatedSlot:
                    isRepeated |= reader.TokenType == JsonTokenType.True;
                    reader.Skip();
                    break;
                case >= 0:
                    Value(JsonValue.Take(ref reader, document), Quantities.All[slot]);
                    break;
                default:
                    unknown[Math.Min(unknownCount++, MaxUnknown - 1)] = name;
                    reader.Skip();
                    break;
            }
        }

        Finish(serial, time, localTime, isRepeated);
    }

    // Of a property that is there twice the first counts.
    private readonly void TakeFirst(ref JsonValue value, scoped ref Utf8JsonReader reader)
    {
        var taken = JsonValue.Take(ref reader, document);
        value = value.IsMissing ? taken : value;
    }

    private void Finish(JsonValue serial, JsonValue time, JsonValue localTime, bool isRepeated)
    {
        var device = Device(serial);
        var isLocal = time.Type is JsonTokenType.None or JsonTokenType.Null && !localTime.IsMissing;
        var row =
            (isLocal ? localTime : time).TryText(scratch, out var text)
            && MeterTime.TryRead(text, out var ticks, out var hasNoOffset)
            && hasNoOffset == isLocal
                ? post.Row(device, ticks, isLocal, isRepeated)
                : post.Row(device, 0, isLocal: false);
        if (row >= 0)
        {
            post.Batch.Fill(row, present.AsSpan(0, presentCount), values);
        }

        foreach (var index in present.AsSpan(0, presentCount))
        {
            values[index] = double.NaN;
        }

        if (row >= 0 && refusal is { } reason)
        {
            post.Batch.Refuse(row, reason);
        }

        for (var i = 0; i < unknownCount; i++)
        {
            var name = document[unknown[Math.Min(i, MaxUnknown - 1)]];
            post.CountUnknown(device, JsonText.Unescape(name, scratch));
        }
    }

    private void Value(scoped JsonValue posted, Quantity quantity)
    {
        var value = double.NaN;
        var state = posted.TryText(scratch, out var text)
            ? ReadingValue.Read(text, new ParameterTarget(quantity, UnitScale.One), out value)
            : ReadingState.Invalid;
        if (state == ReadingState.Present && double.IsNaN(values[quantity.Index]))
        {
            values[quantity.Index] = value;
            present[presentCount++] = quantity.Index;
        }

        refusal ??= PostBuilder.Refusal(state);
    }

    private DeviceRef Device(JsonValue serial)
    {
        if (serial.Type == JsonTokenType.String && !previousSerial.IsEmpty && serial.Raw.SequenceEqual(previousSerial))
        {
            return previousDevice;
        }

        previousSerial = serial.Type == JsonTokenType.String ? serial.Raw : [];
        previousDevice = post.Device(serial.TryText(scratch, out var text) ? text : default);
        return previousDevice;
    }

    private readonly int Slot(scoped ref Utf8JsonReader reader, int place)
    {
        if (place < MaxRemembered && remembered[place].Name is { } known && reader.ValueSpan.SequenceEqual(known))
        {
            return remembered[place].Slot;
        }

        Span<char> letters = stackalloc char[64];
        var name = JsonText.Read(ref reader, scratch);
        var slot = UnknownSlot;
        if (name.Length <= letters.Length && Slots.TryGetValue(letters[..Encoding.UTF8.GetChars(name, letters)], out var found))
        {
            slot = found;
        }

        if (place < MaxRemembered && name.Length <= letters.Length)
        {
            remembered[place] = (reader.ValueSpan.ToArray(), slot);
        }

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
