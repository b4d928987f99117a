using System.Text.Json;
using Portal.Domain.Measurements;

namespace Portal.Domain.Decoding;

/// <summary>
/// One device's instants and the readings for them. A single timestamp is a column of one, so that all forms share this:
/// <code>
/// [{"param":"V1","value":"230.41","unit":"V"}]   [{"param":"V1","value":[230.4,"nan",230.6],"unit":"V"}]
/// </code>
/// Columns may be shorter than the time column. What is longer has no time, so those positions are rejected.
/// </summary>
internal ref struct AcuvimInstants
{
    private readonly PostBuilder post;
    private readonly DeviceRef device;
    private readonly List<int> rows = []; // by position in the time column; -1 is refused. Bound: DecodedPost.MaxRows
    private readonly byte[] valueScratch = new byte[JsonText.BufferSize];
    private readonly byte[] nameScratch = new byte[JsonText.BufferSize];
    private int longest;

    public AcuvimInstants(PostBuilder post, DeviceRef device, JsonValue timestamp)
    {
        this.post = post;
        this.device = device;
        if (timestamp.Type != JsonTokenType.StartArray)
        {
            Add(timestamp);
            return;
        }

        var reader = new Utf8JsonReader(timestamp.Raw, JsonText.Options);
        reader.Read();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            Add(JsonValue.Take(ref reader, timestamp.Raw));
        }
    }

    /// <summary>Reads an array of readings; anything else has none.</summary>
    public void Read(JsonValue readings)
    {
        if (readings.Type != JsonTokenType.StartArray)
        {
            return;
        }

        var json = readings.Raw;
        var reader = new Utf8JsonReader(json, JsonText.Options);
        reader.Read();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                reader.Skip();
                post.CountUnknown(device, "(not a reading)"u8);
                continue;
            }

            Reading(ref reader, json);
        }
    }

    /// <summary>Rejects the positions that have values but no time.</summary>
    public readonly void Finish()
    {
        for (var position = rows.Count; position < longest; position++)
        {
            post.Row(device, 0, isLocal: false);
        }
    }

    private readonly void Add(JsonValue time)
    {
        rows.Add(
            time.TryText(valueScratch, out var text) && MeterTime.TryRead(text, out var ticks, out var isLocal)
                ? post.Row(device, ticks, isLocal)
                : post.Row(device, 0, isLocal: false)
        );
    }

    private void Reading(scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        JsonValue param = default;
        JsonValue value = default;
        JsonValue unit = default;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.ValueSpan;
            reader.Read();
            var posted = JsonValue.Take(ref reader, json);
            if (param.IsMissing && name.SequenceEqual("param"u8))
            {
                param = posted;
            }
            else if (value.IsMissing && name.SequenceEqual("value"u8))
            {
                value = posted;
            }
            else if (unit.IsMissing && name.SequenceEqual("unit"u8))
            {
                unit = posted;
            }
        }

        param.TryText(nameScratch, out var paramName);
        unit.TryText(valueScratch, out var unitName);
        var isKnown = ParameterAliases.TryFind(paramName, unitName, out var target);
        var count = value.Type == JsonTokenType.StartArray ? Column(value.Raw, isKnown, target) : Single(value, isKnown, target);
        if (!isKnown)
        {
            post.CountUnknown(device, paramName.IsEmpty ? "(no name)"u8 : paramName, count);
        }
    }

    private int Column(ReadOnlySpan<byte> json, bool isKnown, in ParameterTarget target)
    {
        var reader = new Utf8JsonReader(json, JsonText.Options);
        reader.Read();
        var position = 0;
        for (; reader.Read() && reader.TokenType != JsonTokenType.EndArray; position++)
        {
            var value = JsonValue.Take(ref reader, json);
            if (isKnown)
            {
                Set(position, value, target);
            }
        }

        longest = isKnown ? Math.Max(longest, position) : longest;
        return position;
    }

    private readonly int Single(JsonValue value, bool isKnown, in ParameterTarget target)
    {
        if (isKnown)
        {
            Set(0, value, target);
        }

        return 1;
    }

    private readonly void Set(int position, JsonValue value, in ParameterTarget target)
    {
        if (position >= rows.Count || rows[position] < 0)
        {
            return;
        }

        if (value.TryText(valueScratch, out var text))
        {
            post.Set(rows[position], text, target);
        }
        else
        {
            post.Batch.Refuse(rows[position], RowOutcome.InvalidValue);
        }
    }
}
