using System.Text.Json;

namespace MeterSimulator.Posts;

/// <summary>
/// A gateway that reads several meters.
/// <code>{"timestamp":1763892000,"comm_head":{"model":"AcuLink 810","sn":"AW21010080"},"modules":[{"name":"Feeder 1","model":"Acuvim L",
/// "sn":"AN21010080","online":true,"reading":[{"param":"Psum_kW","value":"12.003","unit":"kW"}]}]}</code>
/// </summary>
internal static class FormD
{
    public static void Write(Utf8JsonWriter json, Post post)
    {
        json.WriteStartObject();
        var stamp = DateTimeOffset.FromUnixTimeSeconds(post.Range.First) + post.Meters[0].Meter.Events.ClockAhead;
        json.WriteNumber("timestamp"u8, stamp.ToUnixTimeSeconds());
        json.WriteStartObject("comm_head"u8);
        json.WriteString("model"u8, post.Logger.Gateway.Model);
        json.WriteString("sn"u8, post.Logger.Gateway.Serial);
        json.WriteEndObject();
        json.WriteStartArray("modules"u8);
        foreach (var meter in post.Meters)
        {
            using var block = new ReadingBlock(meter, post.Range);
            json.WriteStartObject();
            json.WriteString("name"u8, meter.Name);
            json.WriteString("model"u8, meter.Model);
            json.WriteString("sn"u8, meter.Serial);
            json.WriteBoolean("online"u8, true);
            ReadingsJson.Single(json, "reading", post.Logger, block);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
