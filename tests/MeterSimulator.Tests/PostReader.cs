using System.Globalization;
using System.Text.Json;

namespace MeterSimulator.Tests;

/// <summary>One device-instant of a post, as a receiver reads it; parameters under the names they were posted with.</summary>
public sealed record PostedRow(string Serial, DateTimeOffset Time, IReadOnlyDictionary<string, PostedValue> Values)
{
    public double Number(string parameter) => double.Parse(Values[parameter].Text, CultureInfo.InvariantCulture);
}

/// <param name="Text">The value, a number as it was written.</param>
/// <param name="WasText">Whether it stood in quotes.</param>
public sealed record PostedValue(string Text, bool WasText, string Unit);

/// <summary>
/// Reads posts by the wire contract alone, knowing nothing of the simulator's own code: forms A to D told apart by their outline, and
/// the meter log.
/// </summary>
public static class PostReader
{
    public static List<PostedRow> Read(string file, string? datasource, TimeZoneInfo zone) =>
        file.StartsWith("Data Log 1,", StringComparison.Ordinal) ? ReadLog(file, datasource, zone) : ReadJson(file, datasource);

    private static List<PostedRow> ReadJson(string file, string? datasource)
    {
        using var json = JsonDocument.Parse(file);
        var root = json.RootElement;
        if (root.TryGetProperty("modules", out var modules))
        {
            Assert.True(root.GetProperty("comm_head").TryGetProperty("sn", out _));
            return [.. modules.EnumerateArray().Select(module =>
                Row(module.GetProperty("sn").GetString()!, root.GetProperty("timestamp"), module.GetProperty("reading")))];
        }

        var device = root.GetProperty("device");
        var serial = device.TryGetProperty("serial", out var own) ? own.GetString()!
            : datasource?.Split('/')[0] ?? root.GetProperty("gateway").GetProperty("serial").GetString()!;
        var timestamp = root.GetProperty("timestamp");
        if (timestamp.ValueKind == JsonValueKind.Array) return ReadColumns(serial, timestamp, device.GetProperty("readings"));
        return [Row(serial, timestamp, (device.TryGetProperty("readings", out var inside) ? inside : root.GetProperty("readings")))];
    }

    private static List<PostedRow> ReadColumns(string serial, JsonElement timestamps, JsonElement readings)
    {
        var rows = timestamps.EnumerateArray().Select(time => (Time: Time(time), Values: new Dictionary<string, PostedValue>())).ToList();
        foreach (var column in readings.EnumerateArray())
        {
            var values = column.GetProperty("value");
            Assert.True(values.GetArrayLength() <= rows.Count, "a column may be shorter than the times, not longer");
            foreach (var (index, value) in values.EnumerateArray().Index())
            {
                rows[index].Values.Add(column.GetProperty("param").GetString()!, Value(value, column));
            }
        }

        return [.. rows.Select(row => new PostedRow(serial, row.Time, row.Values))];
    }

    private static PostedRow Row(string serial, JsonElement timestamp, JsonElement readings) => new(
        serial,
        Time(timestamp),
        readings.EnumerateArray().ToDictionary(
            reading => reading.GetProperty("param").GetString()!, reading => Value(reading.GetProperty("value"), reading)));

    private static DateTimeOffset Time(JsonElement time) => time.ValueKind == JsonValueKind.Number
        ? DateTimeOffset.FromUnixTimeSeconds(time.GetInt64())
        : DateTimeOffset.ParseExact(time.GetString()!, "yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);

    private static PostedValue Value(JsonElement value, JsonElement reading)
    {
        var text = value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
        return new(text, value.ValueKind == JsonValueKind.String, reading.GetProperty("unit").GetString()!);
    }

    private static List<PostedRow> ReadLog(string file, string? datasource, TimeZoneInfo zone)
    {
        var lines = file.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.TrimEnd('\r')).ToList();
        Assert.Equal("Data Log 1,", lines[0]);
        Assert.Equal("No.,Time Stamp,Ep_Imp [kWh],Ep_Exp [kWh],Eq_Imp [kvarh],Eq_Exp [kvarh],", lines[1]);
        var names = lines[1].TrimEnd(',').Split(',');
        return [.. lines.Skip(2).Select((line, index) =>
        {
            var cells = line.Split(',');
            Assert.Equal(names.Length + 1, cells.Length); // the trailing comma
            Assert.Equal((index + 1).ToString(CultureInfo.InvariantCulture), cells[0]);
            var local = DateTime.ParseExact(cells[1], "yyyy-MM-dd HH:mm:ss ", CultureInfo.InvariantCulture);
            var time = new DateTimeOffset(local, zone.GetUtcOffset(local));
            var values = names.Skip(2).Zip(cells.Skip(2), (name, cell) => (name, cell))
                .ToDictionary(pair => pair.name, pair => new PostedValue(pair.cell.Trim(), false, ""));
            return new PostedRow(datasource!.Split('/')[0], time.ToUniversalTime(), values);
        })];
    }
}
